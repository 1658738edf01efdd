/// What can go wrong, and the exit code that a script sees when it does.
#pragma once

#include <stdexcept>
#include <string>

namespace orrery {

/// Exit codes of the program, after sysexits.h where that has a fitting one.
enum class ExitCode : int {
  success = 0,
  simulation_failed = 1,  ///< the physics went wrong: not a number, overflow
  usage = 64,             ///< the command line is at fault
  input_data = 65,        ///< a particle file is at fault
  internal = 70,          ///< a defect of ours, or of the machine
  output = 74,            ///< the output cannot be written
  stopped = 75,           ///< stopped on request; the same command goes on
  configuration = 78,     ///< a configuration file or an ORRERY_ variable is at fault
};

/// A failure that is reported to the user. The message reads: problem (why it is one); what to do.
class Error : public std::runtime_error {
public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ExitCode code() const { return code_; }

private:
  ExitCode code_;
};

/// Exit code for a caught exception: that of an `Error`, else `ExitCode::internal`.
ExitCode exit_code_of(const std::exception& failure);

/// Throws `Error(ExitCode::internal)` naming the broken invariant. Always on: for facts that cost nothing to
/// check.
void ensure(bool fact, const char* what);

/// The text of errno value `error_number`, such as "No space left on device".
std::string system_message(int error_number);

}  // namespace orrery
