/// The same facts as on the terminal, for programs: one JSON object per line.
#pragma once

#include <span>
#include <string>

#include "io/frame_layout.hpp"
#include "laws/law.hpp"
#include "observe/run_report.hpp"
#include "observe/text_file.hpp"

namespace orrery {

/// Used by one rank. Every line is with the operating system when a call returns. A default-made log writes
/// nothing.
///
/// Events: `start` and `forms` once, `frame` when a frame is safe in the file, `error` if the run fails,
/// `end` as the last line if it does not.
class RunLog {
public:
  RunLog() = default;
  /// Begins the file anew; `start` gives it its name. @throws Error (output)
  explicit RunLog(const std::string& path) : file_("run.log", path) {}

  void start(const RunPlan& plan);
  void forms(const std::vector<FormCount>& forms);
  void frame(std::int64_t frame, const FrameHeader& header, std::span<const Diagnostic> diagnostics);
  void error(ExitCode code, const std::string& message);
  void end(const RunPlan& plan, const RunReport& report);

private:
  TextFile file_;
};

}  // namespace orrery
