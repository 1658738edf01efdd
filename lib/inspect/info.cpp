#include "inspect/info.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <new>

#include "core/guard.hpp"
#include "core/number_text.hpp"
#include "core/out_of_memory.hpp"
#include "core/printable.hpp"
#include "core/printable_output.hpp"
#include "core/stopwatch.hpp"
#include "inspect/description_json.hpp"
#include "inspect/description_text.hpp"
#include "inspect/verification.hpp"
#include "io/xdmf_file.hpp"
#include "io/xdmf_text.hpp"

namespace orrery {
namespace {

using std::chrono::seconds;

constexpr seconds patience = seconds(20);
/// A piece of 4 MiB may take long on a busy file system.
constexpr seconds verify_patience = seconds(60);

/// Shows on a terminal how much was verified.
class VerifyProgress {
public:
  explicit VerifyProgress(SignOfLife alive) : alive_(std::move(alive)) {}
  ~VerifyProgress() {
    if (is_shown_) print_control(std::cerr, "\r\033[K");
  }
  VerifyProgress(const VerifyProgress&) = delete;
  VerifyProgress& operator=(const VerifyProgress&) = delete;

  void update(double share) {
    if (since_start_.seconds() < next_) return;
    next_ = since_start_.seconds() + 0.2;
    alive_();
    if (!is_watched_ || since_start_.seconds() < 0.5) return;
    is_shown_ = true;
    print_control(std::cerr, "\r\033[K");
    std::cerr << "  verified " << static_cast<int>(100.0 * share) << " %" << std::flush;
  }

private:
  SignOfLife alive_;
  bool is_watched_ = isatty(STDERR_FILENO) == 1;
  bool is_shown_ = false;
  Stopwatch since_start_;
  double next_ = 0.0;
};

void print_problems(const std::string& file, const TrajectoryDescription& description,
                    const Verification& verification) {
  auto problems = description.problems;
  problems.insert(problems.end(), verification.problems.begin(), verification.problems.end());
  for (const auto& problem : problems)
    std::cerr << "orrery: '" << file << "': " << printable(problem) << "\n";
  if (verification.problems_not_shown > 0) {
    std::cerr << "orrery: '" << file << "': and " << verification.problems_not_shown << " more problems\n";
  }
}

void print_verified(const Verification& verification) {
  std::cout << "\nverified       " << verification.frames
            << (verification.frames == 1 ? " frame, " : " frames, ")
            << bytes_text(static_cast<double>(verification.bytes)) << ", " << verification.checksums
            << " checksums: "
            << (verification.problems.empty() ? "all is well" : "something is wrong, see the messages")
            << "\n";
}

/// All of `orrery info`, on a file that may be anything.
int tell(const InfoOptions& options, const SignOfLife& alive) {
  const TrajectoryReader file(options.file, options.group);
  allow_memory(file.working_memory());
  const TrajectoryDescription& description = file.description();
  if (!options.json) print_description(std::cout, description);
  std::cout << std::flush;
  Verification verification;
  if (options.verify) {
    VerifyProgress progress(alive);
    verification = verify(file, [&progress](double share) { progress.update(share); });
  }
  const std::string sidecar = options.xdmf ? xdmf_path_of(options.file) : "";
  if (options.xdmf) write_xdmf(file, sidecar, options.overwrite);
  const bool is_well = description.problems.empty() && verification.problems.empty();
  if (options.json) {
    std::cout << json_of(description, options.verify ? &verification : nullptr);
  } else {
    if (options.verify) print_verified(verification);
    if (options.xdmf) std::cout << "\nwrote          " << sidecar << "\n";
    std::cout << std::flush;
    print_problems(options.file, description, verification);
  }
  return static_cast<int>(is_well ? ExitCode::success : ExitCode::input_data);
}

/// @param problem  begins with the file's name
void report_failure(const InfoOptions& options, const std::string& problem) {
  if (options.json) {
    std::cout << json_of_failure(options.file, problem) << std::flush;
  } else {
    std::cerr << "orrery: " << printable(problem) << "\n" << std::flush;
  }
}

}  // namespace

int show_info(const InfoOptions& options) {
  const ChildEnd end = in_child(
      [&options](const SignOfLife& alive) {
        try {
          return tell(options, alive);
        } catch (const std::bad_alloc&) {
          report_failure(options, "'" + options.file + "': " + too_much_memory);
          return static_cast<int>(ExitCode::input_data);
        } catch (const OutOfMemory&) {
          report_failure(options, "'" + options.file + "': " + too_much_memory);
          return static_cast<int>(ExitCode::input_data);
        } catch (const std::exception& failure) {
          report_failure(options, failure.what());
          return static_cast<int>(exit_code_of(failure));
        }
      },
      options.verify ? verify_patience : patience);
  if (end.kind == ChildEnd::Kind::exited) return end.code;
  report_failure(options, "'" + options.file + "': " + problem_of(end));
  return static_cast<int>(ExitCode::input_data);
}

}  // namespace orrery
