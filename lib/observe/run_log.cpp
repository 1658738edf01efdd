#include "observe/run_log.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/version.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

/// In ASCII, as the log may be shown on a terminal. Names of files need not be UTF-8; JSON must.
std::string line_of(const Json& object) {
  std::string line;
  for (const char letter : object.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (letter == '\x7F') {
      line += "\\u007f";  // the one control character that JSON takes as it is
    } else {
      line += letter;
    }
  }
  return line + "\n";
}

int most_threads(const RunPlan& plan) {
  return *std::max_element(plan.threads.begin(), plan.threads.end());
}

}  // namespace

void RunLog::start(const RunPlan& plan) {
  if (!file_.is_open()) return;
  file_.write(line_of({{"event", "start"},
                       {"version", version()},
                       {"law", plan.law},
                       {"method", plan.method},
                       {"instruction_set", plan.instruction_set},
                       {"ranks", plan.ranks},
                       {"threads", most_threads(plan)},
                       {"particles", plan.particles},
                       {"steps", plan.steps},
                       {"first_step", plan.first_step},
                       {"planned_frames", plan.frames},
                       {"memory_estimate_bytes_per_rank", plan.memory_per_rank},
                       {"file", plan.file},
                       {"file_estimate_bytes", plan.file_bytes}}));
  file_.take_name();
}

void RunLog::forms(const std::vector<FormCount>& forms) {
  if (!file_.is_open()) return;
  Json particles = Json::object();
  for (const auto& form : forms) particles[form.form] = form.particles;
  file_.write(line_of({{"event", "forms"}, {"particles", particles}}));
}

void RunLog::frame(std::int64_t frame, const FrameHeader& header, std::span<const Diagnostic> diagnostics) {
  if (!file_.is_open()) return;
  Json line{{"event", "frame"}, {"frame", frame}, {"step", header.step}, {"time", header.time}};
  for (std::size_t index = 0; index < diagnostics.size(); ++index)
    line[diagnostics[index].name] = header.diagnostics[index];
  file_.write(line_of(line));
}

void RunLog::error(ExitCode code, const std::string& message) {
  if (!file_.is_open()) return;
  file_.write(line_of({{"event", "error"}, {"exit_code", static_cast<int>(code)}, {"message", message}}));
}

void RunLog::end(const RunPlan& plan, const RunReport& report) {
  if (!file_.is_open()) return;
  Json phases;
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const PhaseSpread& spread = report.phases[index];
    phases[std::string(name_of(reported_phases[index]))] = {
        {"min", spread.min}, {"mean", spread.mean}, {"max", spread.max}};
  }
  Json evolve_parts = Json::object();
  for (const auto& [name, seconds] : report.evolve_parts) evolve_parts[name] = seconds;
  Json parts = Json::object();
  for (const MemoryItem& item : report.memory) parts[item.name] = item.bytes;
  const Json memory{{"counted_bytes", sum_of(report.memory)},
                    {"system_bytes", report.peak_bytes_all_ranks},
                    {"parts", std::move(parts)}};
  Json line{{"event", "end"},
            {"ranks", plan.ranks},
            {"threads", most_threads(plan)},
            {"method", plan.method},
            {"instruction_set", plan.instruction_set},
            {"particles", plan.particles},
            {"steps", plan.steps},
            {"frames", report.frames},
            {"particle_steps_per_second", report.particle_steps_per_second},
            {"peak_bytes_per_particle", report.peak_bytes_per_particle},
            {"wall_seconds", report.wall_seconds},
            {"phases", phases},
            {"evolve_parts", evolve_parts},
            {"imbalance", report.imbalance},
            {"memory", memory}};
  if (report.traffic) {
    line["peers"] = report.traffic->peers;
    line["messages_per_step"] = report.traffic->messages_per_step;
    line["bytes_per_step"] = report.traffic->bytes_per_step;
    line["ghosts_per_particle"] = report.traffic->ghosts_per_particle;
  }
  if (report.energy_drift) {
    line["energy_drift"] = report.energy_drift->per_particle;
    line["energy_drift_relative"] = report.energy_drift->relative;
  }
  file_.write(line_of(line));
}

}  // namespace orrery
