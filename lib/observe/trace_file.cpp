#include "observe/trace_file.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/version.hpp"

namespace orrery {

using Json = nlohmann::ordered_json;

namespace {

/// Times in a trace are in microseconds.
double microseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e3;
}

/// An event that tells the viewer how to show a process or a thread.
Json label(const char* what, int rank, int thread, Json arguments) {
  return {{"name", what}, {"ph", "M"}, {"pid", rank}, {"tid", thread}, {"args", std::move(arguments)}};
}

}  // namespace

void TraceFile::add_event(const std::string& event) {
  constexpr std::size_t much = std::size_t{1} << 16;
  text_ += std::exchange(has_events_, true) ? ",\n" : "{\"traceEvents\": [\n";
  text_ += event;
  if (text_.size() > much) hand_over();
}

void TraceFile::hand_over() {
  file_.write(text_);
  text_.clear();
}

void TraceFile::add_rank(int rank) {
  add_event(label("process_name", rank, 0, {{"name", "rank " + std::to_string(rank)}}).dump());
  add_event(label("process_sort_index", rank, 0, {{"sort_index", rank}}).dump());
}

void TraceFile::add_thread(int rank, int thread, const std::string& name,
                           std::span<const PhaseInterval> intervals, std::int64_t origin,
                           std::chrono::nanoseconds resolution) {
  const double resolution_us = microseconds(resolution.count());
  add_event(label("thread_name", rank, thread, {{"name", name}, {"resolution_us", resolution_us}}).dump());
  add_event(label("thread_sort_index", rank, thread, {{"sort_index", thread}}).dump());
  for (const PhaseInterval& interval : intervals) {
    const Json event{{"name", name_of(interval.phase)},
                     {"ph", "X"},
                     {"pid", rank},
                     {"tid", thread},
                     {"ts", microseconds(interval.begin - origin)},
                     {"dur", microseconds(interval.end - interval.begin)}};
    add_event(event.dump());
  }
}

void TraceFile::close() {
  const Json rest{{"displayTimeUnit", "ms"}, {"otherData", {{"program", "orrery"}, {"version", version()}}}};
  text_ += (has_events_ ? "\n], " : "{\"traceEvents\": [], ") + rest.dump().substr(1) + "\n";
  hand_over();
  file_.take_name();
}

}  // namespace orrery
