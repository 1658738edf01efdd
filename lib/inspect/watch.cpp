#include "inspect/watch.hpp"

#include <unistd.h>

#include <chrono>
#include <iostream>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "core/guard.hpp"
#include "core/out_of_memory.hpp"
#include "core/printable.hpp"
#include "core/printable_output.hpp"
#include "core/stopwatch.hpp"
#include "inspect/watch_view.hpp"

namespace orrery {
namespace {

constexpr std::int64_t most_positions = 200'000;
/// A writer at work may have half of what belongs together on the disk: a file that cannot be read is tried
/// again for so long [s].
constexpr double tolerance = 3.0;
constexpr std::chrono::seconds patience(60);

/// What a child may get wrong through no fault of the file: it is started anew.
constexpr int most_crashes = 3;

class Watcher {
public:
  explicit Watcher(const WatchOptions& options) : options_(options) {}

  int follow(const SignOfLife& alive) {
    while (true) {
      alive();
      const bool is_over = look();
      if (is_over || options_.once) return static_cast<int>(ExitCode::success);
      if (options_.give_up > 0.0 && pace_.seconds_since_frame > options_.give_up) {
        std::cerr << "orrery: '" << options_.file << "': no frame has come for "
                  << static_cast<std::int64_t>(pace_.seconds_since_frame) << " seconds (give-up)\n";
        return static_cast<int>(ExitCode::simulation_failed);
      }
      wait(alive);
    }
  }

private:
  /// Looks at the file once. @return whether the run is complete
  bool look() {
    try {
      const TrajectoryReader file(options_.file, options_.group);
      const TrajectoryDescription& run = file.description();
      unreadable_since_.reset();
      const bool has_grown = note_frames(run);
      if (is_terminal_ || options_.once) {
        if (has_grown && options_.picture && run.valid_frames > 0) note_positions(file);
        show(run);
      } else if (has_grown) {
        std::cout << watch_line(run, pace_) << "\n" << std::flush;
      }
      return run.planned_frames && run.valid_frames >= *run.planned_frames;
    } catch (const Error&) {
      if (!frames_ || options_.once) throw;  // it never could be read
      if (!unreadable_since_) unreadable_since_ = clock_.seconds();
      if (clock_.seconds() - *unreadable_since_ > tolerance) throw;
      return false;
    }
  }

  /// @return whether there are frames that were not there before
  bool note_frames(const TrajectoryDescription& run) {
    const double now = clock_.seconds();
    const bool is_first_look = !frames_;
    const bool has_grown = is_first_look || run.valid_frames != *frames_;
    if (is_first_look) {
      first_frames_ = run.valid_frames;
      since_ = now;
    } else if (has_grown && run.valid_frames > first_frames_) {
      pace_.seconds_per_frame = (now - since_) / static_cast<double>(run.valid_frames - first_frames_);
    }
    if (has_grown) {
      last_growth_ = now;
      before_ = std::exchange(latest_, run.diagnostics);
    }
    frames_ = run.valid_frames;
    pace_.seconds_since_frame = now - last_growth_;
    return has_grown;
  }

  void note_positions(const TrajectoryReader& file) {
    sample_ = sample_positions(file, file.description().valid_frames - 1, most_positions);
    // The picture keeps its scale until something leaves it.
    if (!extent_ || !extent_->holds(*sample_)) extent_ = extent_of(*sample_);
  }

  /// Replaces the view that is on the terminal.
  void show(const TrajectoryDescription& run) {
    const auto lines = watch_view(run, pace_, before_, sample_ ? &*sample_ : nullptr,
                                  extent_.value_or(Extent{}), terminal_of_output());
    std::string text;
    if (lines_shown_ > 0) print_control(std::cout, "\033[" + std::to_string(lines_shown_) + "A\033[J");
    for (const auto& line : lines) text += line + "\n";
    std::cout << text << std::flush;
    lines_shown_ = is_terminal_ ? lines.size() : 0;
  }

  void wait(const SignOfLife& alive) const {
    using std::chrono::duration;
    const Stopwatch waited;
    while (waited.seconds() < options_.interval) {
      std::this_thread::sleep_for(duration<double>(std::min(options_.interval - waited.seconds(), 5.0)));
      alive();
    }
  }

  const WatchOptions& options_;
  const bool is_terminal_ = isatty(STDOUT_FILENO) == 1;
  Stopwatch clock_;
  std::optional<double> unreadable_since_;
  std::optional<std::int64_t> frames_;
  std::int64_t first_frames_ = 0;
  double since_ = 0.0;
  double last_growth_ = 0.0;
  Pace pace_;
  Diagnostics before_, latest_;  ///< of the frame that is shown, and of the one shown before
  std::optional<PositionSample> sample_;
  std::optional<Extent> extent_;
  std::size_t lines_shown_ = 0;
};

int follow_guarded(const WatchOptions& options, const SignOfLife& alive) {
  try {
    return Watcher(options).follow(alive);
  } catch (const std::bad_alloc&) {
    std::cerr << "orrery: '" << printable(options.file) << "': " << too_much_memory << "\n";
    return static_cast<int>(ExitCode::input_data);
  } catch (const OutOfMemory&) {
    std::cerr << "orrery: '" << printable(options.file) << "': " << too_much_memory << "\n";
    return static_cast<int>(ExitCode::input_data);
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << printable(failure.what()) << "\n";
    return static_cast<int>(exit_code_of(failure));
  }
}

}  // namespace

int follow_run(const WatchOptions& options) {
  ChildEnd end;
  for (int crashes = 0; crashes < most_crashes; ++crashes) {
    end = in_child([&options](const SignOfLife& alive) { return follow_guarded(options, alive); }, patience);
    if (end.kind == ChildEnd::Kind::exited) return end.code;
    if (end.kind == ChildEnd::Kind::silent) break;
  }
  std::cerr << "orrery: '" << options.file << "': " << problem_of(end) << "\n";
  return static_cast<int>(ExitCode::input_data);
}

}  // namespace orrery
