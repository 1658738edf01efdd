/// The same facts as on the terminal, for programs: one JSON object per line.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "io/frame_layout.hpp"
#include "laws/law.hpp"
#include "observe/run_report.hpp"

namespace orrery {

/// Used by one rank. Every line is with the operating system when a call returns. A default-made log writes
/// nothing.
///
/// Events: `start` and `forms` once, `frame` when a frame is safe in the file, `error` if the run fails,
/// `end` as the last line if it does not.
class RunLog {
public:
  RunLog() = default;
  /// Begins the file anew. @throws Error (output)
  explicit RunLog(const std::string& path);
  ~RunLog();
  RunLog(RunLog&& other) noexcept;
  RunLog& operator=(RunLog&& other) noexcept;

  void start(const RunPlan& plan);
  void forms(const std::vector<FormCount>& forms);
  void frame(std::int64_t frame, const FrameHeader& header, std::span<const Diagnostic> diagnostics);
  void error(ExitCode code, const std::string& message);
  void end(const RunPlan& plan, const RunReport& report);

private:
  void write_line(const std::string& line);

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace orrery
