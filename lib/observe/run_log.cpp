#include "observe/run_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.hpp"
#include "core/version.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

/// Names of files need not be UTF-8; JSON must.
std::string line_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int most_threads(const RunPlan& plan) {
  return *std::max_element(plan.threads.begin(), plan.threads.end());
}

}  // namespace

RunLog::RunLog(const std::string& path)
    : path_(path), descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0)
    throw Error(ExitCode::output, "cannot write run.log '" + path + "': " + system_message(errno));
}

RunLog::~RunLog() {
  if (descriptor_ >= 0) close(descriptor_);
}

RunLog::RunLog(RunLog&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

RunLog& RunLog::operator=(RunLog&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void RunLog::write_line(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(descriptor_, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      throw Error(ExitCode::output, "cannot write run.log '" + path_ + "': " + system_message(errno));
    at += static_cast<std::size_t>(written);
  }
}

void RunLog::start(const RunPlan& plan) {
  if (descriptor_ < 0) return;
  write_line(line_of({{"event", "start"},
                      {"version", version()},
                      {"law", plan.law},
                      {"method", plan.method},
                      {"instruction_set", plan.instruction_set},
                      {"ranks", plan.ranks},
                      {"threads", most_threads(plan)},
                      {"particles", plan.particles},
                      {"steps", plan.steps},
                      {"planned_frames", plan.frames},
                      {"memory_estimate_bytes_per_rank", plan.memory_per_rank},
                      {"file", plan.file},
                      {"file_estimate_bytes", plan.file_bytes}}));
}

void RunLog::forms(const std::vector<FormCount>& forms) {
  if (descriptor_ < 0) return;
  Json particles = Json::object();
  for (const auto& form : forms) particles[form.form] = form.particles;
  write_line(line_of({{"event", "forms"}, {"particles", particles}}));
}

void RunLog::frame(std::int64_t frame, const FrameHeader& header, std::span<const Diagnostic> diagnostics) {
  if (descriptor_ < 0) return;
  Json line{{"event", "frame"}, {"frame", frame}, {"step", header.step}, {"time", header.time}};
  for (std::size_t index = 0; index < diagnostics.size(); ++index)
    line[diagnostics[index].name] = header.diagnostics[index];
  write_line(line_of(line));
}

void RunLog::error(ExitCode code, const std::string& message) {
  if (descriptor_ < 0) return;
  write_line(line_of({{"event", "error"}, {"exit_code", static_cast<int>(code)}, {"message", message}}));
}

void RunLog::end(const RunPlan& plan, const RunReport& report) {
  if (descriptor_ < 0) return;
  Json phases;
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const PhaseSpread& spread = report.phases[index];
    phases[std::string(name_of(reported_phases[index]))] = {
        {"min", spread.min}, {"mean", spread.mean}, {"max", spread.max}};
  }
  write_line(line_of({{"event", "end"},
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
                      {"phases", phases}}));
}

}  // namespace orrery
