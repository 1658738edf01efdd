#include "inspect/watch_view.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/number_text.hpp"
#include "core/printable.hpp"

namespace orrery {
namespace {

/// Rows below which a picture is no help.
constexpr int least_picture_rows = 4;
constexpr int most_picture_rows = 30;
constexpr int bar_width = 20;

std::string formatted(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

std::string head_line(const TrajectoryDescription& run) {
  std::string line = printable(std::filesystem::path(run.file).filename().string()) + ": " +
                     std::to_string(run.particles) + (run.particles == 1 ? " particle" : " particles");
  if (!run.parameter("law").empty()) line += ", " + printable(run.parameter("law"));
  if (!run.parameter("method").empty()) line += ", method " + printable(run.parameter("method"));
  return line;
}

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(std::lround(share * bar_width));
  std::string text(bar_width, '-');
  text.replace(0, filled, filled, '#');
  return text.insert(0, 1, '[').append(1, ']');
}

std::string place_text(const TrajectoryDescription& run) {
  if (run.valid_frames == 0) return "no frame yet";
  std::string text = std::to_string(run.valid_frames);
  if (run.planned_frames) text += " of " + std::to_string(*run.planned_frames);
  text += run.valid_frames == 1 && !run.planned_frames ? " frame" : " frames";
  if (run.has_steps) text += ", step " + std::to_string(run.last_step);
  return run.has_times ? text + ", time " + to_text(run.last_time) : text;
}

/// Share of the way from the first frame to the last; nothing where that is not known.
std::optional<double> share_of(const TrajectoryDescription& run) {
  if (!run.planned_frames || *run.planned_frames < 1) return std::nullopt;
  if (*run.planned_frames == 1) return run.valid_frames > 0 ? 1.0 : 0.0;
  const auto done = static_cast<double>(std::max<std::int64_t>(run.valid_frames - 1, 0));
  return std::clamp(done / static_cast<double>(*run.planned_frames - 1), 0.0, 1.0);
}

bool is_complete(const TrajectoryDescription& run) {
  return run.planned_frames && run.valid_frames >= *run.planned_frames;
}

std::string pace_text(const TrajectoryDescription& run, const Pace& pace) {
  if (is_complete(run)) return "complete";
  std::string text;
  if (pace.seconds_per_frame > 0.0) {
    text = "a frame in " + duration_text(pace.seconds_per_frame);
    if (run.planned_frames) {
      const auto left = static_cast<double>(*run.planned_frames - run.valid_frames);
      text += ", " + duration_text(left * pace.seconds_per_frame) + " left";
    }
  }
  const double long_time = std::max(10.0, 5.0 * pace.seconds_per_frame);
  if (pace.seconds_since_frame > long_time) {
    if (!text.empty()) text += "; ";
    text += "no frame for " + duration_text(pace.seconds_since_frame) + ": the run may have ended";
  }
  return text.empty() ? "waiting for a frame" : text;
}

void add_diagnostics(std::vector<std::string>& lines, const TrajectoryDescription& run,
                     const Diagnostics& before) {
  if (run.diagnostics.empty()) return;
  std::size_t width = 0;
  for (const auto& [name, value] : run.diagnostics) width = std::max(width, name.size());
  lines.emplace_back();
  for (const auto& [name, value] : run.diagnostics) {
    std::string line =
        "  " + printable(name) + std::string(width + 2 - name.size(), ' ') + formatted("%.8g", value);
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&name = name](const auto& other) { return other.first == name; });
    if (same != before.end() && value != same->second) line += formatted("  (%+.3g)", value - same->second);
    lines.push_back(line);
  }
}

/// What the frame around a picture is made of.
struct FrameParts {
  const char *top_left, *top_right, *bottom_left, *bottom_right, *rule, *side;
};
constexpr FrameParts line_parts{"\u250c", "\u2510", "\u2514", "\u2518", "\u2500", "\u2502"};
constexpr FrameParts letter_parts{"+", "+", "+", "+", "-", "|"};

std::string framed(const char* left, const std::string& line, const char* right) {
  return std::string(" ").append(left).append(line).append(right);
}

std::string repeated(const char* text, int times) {
  std::string result;
  for (int time = 0; time < times; ++time) result += text;
  return result;
}

void add_picture(std::vector<std::string>& lines, const PositionSample& sample, const Extent& extent,
                 const Terminal& terminal) {
  const int room =
      terminal.rows - static_cast<int>(lines.size()) - 4;  // caption, frame and the cursor's line
  if (room < least_picture_rows || terminal.columns < 20) return;
  const PictureSize size = picture_size(extent, {terminal.columns - 4, std::min(room, most_picture_rows)});
  const auto shown = static_cast<std::int64_t>(sample.x.size());
  std::string caption = "  x " + formatted("%.4g", extent.left) + " to " + formatted("%.4g", extent.right) +
                        ", y " + formatted("%.4g", extent.bottom) + " to " + formatted("%.4g", extent.top);
  if (shown < sample.particles) caption += ", " + std::to_string(shown) + " of the particles";
  if (sample.not_finite > 0) caption += ", " + std::to_string(sample.not_finite) + " are not finite";
  lines.push_back(caption);
  const FrameParts parts = terminal.use_blocks ? line_parts : letter_parts;
  lines.push_back(framed(parts.top_left, repeated(parts.rule, size.columns), parts.top_right));
  for (const auto& line : density_lines(sample, extent, size, terminal.use_blocks))
    lines.push_back(framed(parts.side, line, parts.side));
  lines.push_back(framed(parts.bottom_left, repeated(parts.rule, size.columns), parts.bottom_right));
}

/// Cuts what does not fit, character by character and not inside of one.
void fit(std::vector<std::string>& lines, const Terminal& terminal) {
  const int width = std::max(terminal.columns - 1, 10);
  for (auto& line : lines) {
    int characters = 0;
    const auto end = std::find_if(line.begin(), line.end(), [&](char letter) {
      const bool begins_character = (static_cast<unsigned char>(letter) & 0xC0) != 0x80;
      return begins_character && ++characters > width;
    });
    line.erase(end, line.end());
  }
  const auto height = static_cast<std::size_t>(std::max(terminal.rows - 1, 3));
  if (lines.size() > height) lines.resize(height);
}

int number_in_variable(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  const auto number = text == nullptr ? std::nullopt : parse_count(text);
  return number && *number > 0 && *number < 10000 ? static_cast<int>(*number) : otherwise;
}

}  // namespace

Terminal terminal_of_output() {
  Terminal terminal;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.columns = size.ws_col;
    terminal.rows = size.ws_row;
    terminal.wraps = true;
  } else {
    terminal.columns = number_in_variable("COLUMNS", terminal.columns);
    terminal.rows = number_in_variable("LINES", terminal.rows);
  }
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale(value);
    terminal.use_blocks =
        locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    break;
  }
  return terminal;
}

std::vector<std::string> watch_view(const TrajectoryDescription& run, const Pace& pace,
                                    const Diagnostics& before, const PositionSample* sample,
                                    const Extent& extent, const Terminal& terminal) {
  const auto share = share_of(run);
  std::vector<std::string> lines{head_line(run)};
  std::string place = "  ";
  if (share) place += bar(*share) + formatted(" %3.0f %%  ", std::floor(100.0 * *share));
  lines.push_back(place + place_text(run));
  lines.push_back("  " + pace_text(run, pace));
  add_diagnostics(lines, run, before);
  if (sample != nullptr) add_picture(lines, *sample, extent, terminal);
  if (terminal.wraps) fit(lines, terminal);
  return lines;
}

std::string watch_line(const TrajectoryDescription& run, const Pace& pace) {
  std::string line = place_text(run) + "; " + pace_text(run, pace);
  for (const auto& [name, value] : run.diagnostics)
    line += "; " + printable(name) + " " + formatted("%.8g", value);
  return line;
}

}  // namespace orrery
