#include "bench/bench_json.hpp"

#include <nlohmann/json.hpp>

#include "bench/book_figures.hpp"
#include "bench/limit_names.hpp"
#include "bench/rotation_case.hpp"
#include "core/version.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

/// Every limit as "<limit>_<one_thread|all_threads>_<unit>", the median of its repeats with "_median" after
/// that.
Json limits_json(const std::vector<MachineLimits>& limits) {
  Json json = Json::object();
  const auto add = [&json](const MachineLimits& measured, const std::string& threads) {
    for (const Limit limit : all_limits) {
      const LimitNames& names = names_of(limit);
      const std::string key = names.key + "_" + threads + "_" + names.unit_key;
      json[key] = in_unit_of(limit, measured.best(limit));
      json[key + "_median"] = in_unit_of(limit, measured[limit].median);
    }
  };
  if (!limits.empty()) {
    add(limits.front(), "one_thread");
    add(limits.back(), "all_threads");
  }
  return json;
}

Json row_json(const RotationTiming& row, const BenchResult& result) {
  Json json{{"form", row.form},
            {"particles", row.particles},
            {"ranks", row.ranks},
            {"threads", row.threads},
            {"ns_per_particle_step", row.ns_per_particle_step.median},
            {"ns_per_particle_step_min", row.ns_per_particle_step.least},
            {"ns_per_particle_step_max", row.ns_per_particle_step.most},
            {"speed_up", speed_up_of(row, result.rows)},
            {"repeats", result.setup.repeats},
            {"calls_per_repeat", row.calls},
            {"steps_per_call", row.steps},
            {"case_seconds", row.case_seconds()},
            {"limit", names_of(row.limit).key},
            {"limit_ns_per_particle_step", row.limit_ns_per_particle_step},
            {"fraction_of_limit", row.fraction_of_limit()}};
  if (row.is_closed) json["ns_per_jump"] = row.ns_per_jump();
  return json;
}

}  // namespace

std::string json_of(const BenchResult& result) {
  const BenchSetup& setup = result.setup;
  Json json{{"benchmark", "rotation"},
            {"version", version()},
            {"compiler", compiler()},
            {"processor", setup.processor},
            {"instruction_set", setup.instruction_set},
            {"date", setup.date},
            {"ranks", setup.ranks},
            {"threads", setup.threads},
            {"case_steps", RotationCase::steps},
            {"case_time_step", RotationCase::step},
            {"limits", limits_json(result.limits)},
            {"rows", Json::array()},
            {"book", Json::array()}};
  for (const auto& row : result.rows) json["rows"].push_back(row_json(row, result));
  for (const auto& figure : book_figures) {
    json["book"].push_back({{"method", figure.method},
                            {"year", book_year},
                            {"particles", figure.particles},
                            {"ns_per_particle_step", figure.ns_per_particle_step()},
                            {"case_seconds", figure.seconds}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace orrery
