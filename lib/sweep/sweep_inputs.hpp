/// The files that a sweep reads, known by their contents.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/input_file.hpp"

namespace orrery {

class SweepInputs {
public:
  SweepInputs() = default;
  /// Reads the files. @throws Error (input_data)
  explicit SweepInputs(const std::set<std::string>& paths);

  /// A line for each file, with a line feed before it: the checksum of its bytes, and its name. For the
  /// identity that a journal has.
  std::string text() const;

  /// Refuses to go on where a file is not what it was when the sweep began.
  /// @param identity  that of the journal
  /// @throws Error (input_data) naming the file
  void refuse_changed(const std::string& identity, const std::string& directory) const;

  /// Refuses results of runs that may have read different things.
  /// @throws Error (input_data) naming a file that was changed since it was read
  void refuse_changed_meanwhile() const;

private:
  struct Input {
    std::string path;
    std::string checksum;
    FileIdentity identity;
  };
  std::vector<Input> inputs_;
};

}  // namespace orrery
