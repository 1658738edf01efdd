#include "inspect/description_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "inspect/description_text.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

/// Text that is not UTF-8 is mended, not refused.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

/// JSON has no infinities; null stands for what is not finite.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json fields_json(const std::vector<StoredField>& fields) {
  Json json = Json::object();
  for (const auto& field : fields) {
    const bool has_steps = field.clock && field.clock->has_steps() && field.clock->frames() > 0;
    json[field.name] = {
        {"dataset", field.dataset}, {"shape", field.extents}, {"type", nullptr}, {"unit", nullptr}};
    if (field.type) json[field.name]["type"] = element_text(*field.type);
    if (!field.unit.empty()) json[field.name]["unit"] = field.unit;
    if (field.is_once) continue;
    json[field.name]["rows"] = field.clock->frames();
    json[field.name]["steps"] = nullptr;
    if (has_steps)
      json[field.name]["steps"] = {field.clock->step(0), field.clock->step(field.clock->frames() - 1)};
  }
  return json;
}

Json frames_json(const TrajectoryDescription& d) {
  Json json{
      {"valid", d.valid_frames}, {"stored", d.stored_frames}, {"planned", nullptr}, {"complete", nullptr}};
  if (d.planned_frames) {
    json["planned"] = *d.planned_frames;
    json["complete"] = d.valid_frames == *d.planned_frames;
  }
  if (d.valid_frames > 0) {
    json["steps"] = nullptr;
    if (d.has_steps) json["steps"] = {d.first_step, d.last_step};
    if (d.has_times) json["times"] = {number(d.first_time), number(d.last_time)};
  }
  return json;
}

Json box_json(const TrajectoryDescription& d) {
  Json json{{"boundary", d.boundary}, {"edges", nullptr}, {"origin", nullptr}};
  const auto axes = static_cast<std::size_t>(d.box_axes);
  for (std::size_t row = 0; d.edges && row < axes; ++row) {
    Json edge = Json::array();
    for (std::size_t column = 0; column < axes; ++column)
      edge.push_back(number((*d.edges)[3 * row + column]));
    json["edges"].push_back(edge);
  }
  for (std::size_t axis = 0; d.origin && axis < axes; ++axis)
    json["origin"].push_back(number((*d.origin)[axis]));
  return json;
}

Json timing_json(const RunTiming& timing) {
  Json seconds = Json::array();
  const std::size_t phases = timing.phases.size();
  for (std::size_t begin = 0; phases > 0 && begin < timing.seconds.size(); begin += phases) {
    Json rank = Json::object();
    for (std::size_t phase = 0; phase < phases; ++phase)
      rank[timing.phases[phase]] = number(timing.seconds[begin + phase]);
    seconds.push_back(rank);
  }
  return {{"wall_seconds", number(timing.wall_seconds)}, {"seconds_of_ranks", seconds}};
}

}  // namespace

std::string json_of(const TrajectoryDescription& d, const Verification* verification) {
  Json json{{"file", d.file},
            {"bytes", d.file_bytes},
            {"h5md_version", d.h5md_version},
            {"creator", d.creator},
            {"author", d.author},
            {"group", "/particles/" + d.group},
            {"other_groups", d.other_groups},
            {"particles", d.particles},
            {"dimensions", d.axes},
            {"frames", frames_json(d)},
            {"quantities", fields_json(d.quantities)},
            {"columns", fields_json(d.columns)},
            {"box", box_json(d)},
            {"time_unit", nullptr},
            {"parameters", Json::object()},
            {"diagnostics", Json::object()},
            {"timing", nullptr},
            {"checksums", d.has_checksums},
            {"configuration", d.configuration},
            {"verified", nullptr},
            {"problems", d.problems}};
  if (!d.time_unit.empty()) json["time_unit"] = d.time_unit;
  for (const auto& [name, value] : d.parameters) json["parameters"][name] = value;
  for (const auto& [name, value] : d.diagnostics) json["diagnostics"][name] = number(value);
  if (d.timing) json["timing"] = timing_json(*d.timing);
  if (verification == nullptr) return text_of(json);
  json["verified"] = {{"frames", verification->frames},
                      {"bytes", verification->bytes},
                      {"checksums", verification->checksums},
                      {"problems_not_shown", verification->problems_not_shown}};
  for (const auto& problem : verification->problems) json["problems"].push_back(problem);
  return text_of(json);
}

std::string json_of_failure(const std::string& file, const std::string& problem) {
  return text_of(Json{{"file", file}, {"problems", {problem}}});
}

}  // namespace orrery
