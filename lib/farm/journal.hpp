/// The record of what a farm has done, kept so that it can go on after it was stopped or killed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "farm/task_queue.hpp"

namespace orrery {

/// A text file to which lines are only ever added. Each line begins with the CRC-32 of its rest, as eight
/// hexadecimal digits, and a blank:
///
///     orrery-farm 1 TASKS IDENTITY        the first line: how many tasks, and what work it is
///     done TASK ATTEMPTS SECONDS RESULT   a finished task; the result's bytes in hexadecimal, or - for none
///     failed TASK RANK MESSAGE            a failed attempt; a later run makes new ones
///     hung TASK RANK MESSAGE              an attempt that ended the job; it counts in later runs as well
///
/// In IDENTITY and MESSAGE, % and control characters are written as %XX. Lines that a crash left unfinished,
/// and damaged ones, count for nothing.
///
/// Used by the root.
class Journal {
public:
  struct Finished {
    std::int64_t task = 0;
    int attempts = 1;
    double seconds = 0.0;
    std::vector<std::byte> result;
  };
  struct Hung {
    std::int64_t task = 0;
    Attempt attempt;
  };

  /// No journal: takes everything, keeps nothing.
  Journal() = default;
  /// Opens a journal, or begins it where there is none, and keeps others from using it meanwhile.
  /// @throws Error (input_data) when the file is no journal, or that of other work, or in use
  /// @throws Error (output) when it cannot be written
  Journal(std::string path, const std::string& identity, std::int64_t task_count);
  ~Journal();
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&& other) noexcept;

  /// What earlier runs have done, in the order of doing, each task once. Moves it out.
  std::vector<Finished> take_finished();
  const std::vector<Hung>& hung() const { return hung_; }
  /// Lines that were damaged, the last of a killed run included.
  std::int64_t damaged_lines() const { return damaged_lines_; }

  void add_done(std::int64_t task, int attempts, double seconds, std::span<const std::byte> result);
  void add_failed(std::int64_t task, const Attempt& attempt);
  /// Hands the lines added so far to the system: they survive the end of this process, however it ends.
  /// @throws Error (output)
  void flush();

  /// The work that a journal is of; nothing where there is no journal, or none with a whole first line.
  static std::optional<std::string> identity_in(const std::string& path);

  /// Adds a line to a journal that another process has open, in one piece. For the last words of a process;
  /// does nothing where the file cannot be opened.
  static void note_hung(const std::string& path, std::int64_t task, const Attempt& attempt) noexcept;

private:
  void read(const std::string& text, const std::string& identity, std::int64_t task_count);
  void read_line(std::string_view line, std::vector<char>& seen);
  void add_line(std::string_view line);

  std::string path_;
  int descriptor_ = -1;
  std::string pending_;
  std::vector<Finished> finished_;
  std::vector<Hung> hung_;
  std::int64_t damaged_lines_ = 0;
};

/// The CRC-32 of zlib and PNG.
std::uint32_t crc32(std::string_view text);

}  // namespace orrery
