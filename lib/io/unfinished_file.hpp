/// Files that have their name only when they are complete.
#pragma once

#include <string>

namespace orrery {

/// The place of a file while it is written: beside where it will be, with `.part` behind its name. Used by
/// one rank.
class UnfinishedFile {
public:
  /// @param option  that names the file, for messages
  UnfinishedFile(std::string option, std::string path);
  /// Removes what was not finished.
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  const std::string& option() const { return option_; }
  const std::string& path() const { return path_; }
  /// Where to write.
  const std::string& part_path() const { return part_path_; }

  /// The same, for ranks that write to a file which another one owns.
  static std::string part_path_of(const std::string& path) { return path + ".part"; }

  /// Gives the file its name; an existing one is replaced. @throws Error (output)
  void finish();

private:
  std::string option_;
  std::string path_;
  std::string part_path_;
  bool finished_ = false;
};

}  // namespace orrery
