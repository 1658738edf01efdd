#include "observe/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

#include "core/number_text.hpp"
#include "core/printable_output.hpp"

namespace orrery {
namespace {

constexpr double seconds_between_bars = 0.1;
/// In a log file: a line at every tenth of the run, but none sooner than this after the start or the last
/// line.
constexpr double seconds_between_lines = 5.0;

constexpr double first_time(ProgressStyle style) {
  if (style == ProgressStyle::bar) return 0.5;
  return style == ProgressStyle::eager_lines ? 0.0 : seconds_between_lines;
}

constexpr int bar_width = 30;

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 256> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

}  // namespace

Progress::Progress(std::ostream& out, ProgressStyle style, std::int64_t steps)
    : out_(out), style_(style), steps_(steps), next_time_(first_time(style)) {}

void Progress::start_table(std::span<const Diagnostic> diagnostics) {
  if (style_ == ProgressStyle::silent) return;
  widths_.clear();
  std::string line = right("frame", 7) + right("step", 10) + right("time", 13);
  for (const auto& diagnostic : diagnostics) {
    widths_.push_back(std::max<std::size_t>(14, diagnostic.heading.size() + 2));
    line += right(diagnostic.heading, widths_.back());
  }
  out_ << line << '\n' << std::flush;
}

void Progress::table_row(std::int64_t frame, const FrameHeader& header) {
  if (style_ == ProgressStyle::silent) return;
  wipe();
  out_ << right(std::to_string(frame), 7) << right(std::to_string(header.step), 10)
       << right(formatted("%.6g", header.time), 13);
  for (std::size_t index = 0; index < header.diagnostics.size(); ++index) {
    out_ << right(formatted("%.6g", header.diagnostics[index]), widths_[index]);
  }
  out_ << '\n' << std::flush;
}

void Progress::update(double steps_done) {
  if (style_ == ProgressStyle::silent || steps_ == 0) return;
  const double now = since_start_.seconds();
  if (now < next_time_) return;
  const double fraction = std::clamp(steps_done / static_cast<double>(steps_), 0.0, 1.0);
  if (style_ == ProgressStyle::bar) {
    next_time_ = now + seconds_between_bars;
    const int filled = static_cast<int>(fraction * bar_width);
    print_control(out_, "\r\033[K");
    out_ << "[" << std::string(static_cast<std::size_t>(filled), '#')
         << std::string(static_cast<std::size_t>(bar_width - filled), '.') << "] " << status(fraction)
         << std::flush;
    bar_is_shown_ = true;
  } else if (fraction >= next_fraction_) {
    next_time_ = style_ == ProgressStyle::eager_lines ? now : now + seconds_between_lines;
    while (next_fraction_ <= fraction) next_fraction_ += 0.1;
    out_ << "progress: " << status(fraction) << '\n' << std::flush;
  }
}

std::string Progress::status(double fraction) const {
  const double elapsed = since_start_.seconds();
  const std::string left = fraction > 0.0 ? duration_text(elapsed * (1.0 - fraction) / fraction) : "?";
  const auto step = static_cast<std::int64_t>(fraction * static_cast<double>(steps_));
  return formatted("%3.0f %%  ", 100.0 * fraction) + "step " + std::to_string(step) + " of " +
         std::to_string(steps_) + ", " + duration_text(elapsed) + " gone, " + left + " left";
}

void Progress::finish() {
  wipe();
}

void Progress::wipe() {
  if (bar_is_shown_) {
    print_control(out_, "\r\033[K");
    out_ << std::flush;
  }
  bar_is_shown_ = false;
}

}  // namespace orrery
