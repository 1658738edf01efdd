/// Tells a person how far a farm is.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "farm/farm.hpp"

namespace orrery {

/// Used on the root, from the handler of results: a line now and then, with the time that is left by the pace
/// so far. What earlier runs did says nothing of that pace.
class FarmProgress {
public:
  /// @param what            such as "runs"
  /// @param between_lines  least time from one line to the next, and to the first [s]
  FarmProgress(std::ostream& out, std::string what, std::int64_t tasks, double between_lines)
      : out_(out), what_(std::move(what)), tasks_(tasks), between_lines_(between_lines) {}

  void tell(const TaskResult& result) {
    ++done_;
    if (!result.from_journal) ++done_now_;
    if (result.from_journal || since_line_.seconds() < between_lines_) return;
    since_line_.restart();
    const double seconds = watch_.seconds();
    const double left = seconds / static_cast<double>(done_now_) * static_cast<double>(tasks_ - done_);
    out_ << "  " << done_ << " of " << tasks_ << " " << what_ << " done, " << duration_text(seconds)
         << " gone, about " << duration_text(left) << " left\n"
         << std::flush;
  }

private:
  std::ostream& out_;
  std::string what_;
  std::int64_t tasks_;
  double between_lines_;
  std::int64_t done_ = 0;
  std::int64_t done_now_ = 0;
  Stopwatch watch_;
  Stopwatch since_line_;
};

}  // namespace orrery
