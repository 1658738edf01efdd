/// New files: under a name of their own beside where they will be, until they take their name.
#pragma once

#include <string>

namespace orrery {

/// An open file. Closes itself.
class Descriptor {
public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset();
  /// Closes, and reports failure. @return errno, or 0
  int close();

private:
  int number_ = -1;
};

/// What becomes of a file that is there under the name.
struct Replacing {
  bool allowed = true;
  std::string option = "";  ///< that would allow it, for the message
};

/// The file that is written when `path` is: where its symbolic links lead to, which need not be there yet.
/// Another user's link in a directory that all users may write to is refused, as the kernel does.
/// @param option  that names the file, for messages
/// @throws Error (output)
std::string end_of_links(const std::string& option, const std::string& path);

/// Whether what stands there is written as it is: a device or a pipe, or what the kernel's link to an open
/// file leads to.
/// @param target  of `end_of_links`
bool is_written_in_place(const std::string& target);

/// Whether a path names an open file. Follows links.
bool is_named(const std::string& path, int descriptor);

/// A file that is not seen under its name before it has something to show, and that takes its name at once.
/// Until then an older file of that name stays, with all who read it. Made so that no link is followed and no
/// file of another is written to. Used by one rank; everything throws `Error` (output).
///
/// Both the new file and the one that it will replace are locked against other writers, where there are
/// locks. Without locks the one that takes the name last has it.
///
/// A device or a pipe, such as /dev/null, is written as it is.
class UnfinishedFile {
public:
  /// Makes it, empty.
  /// @param option  that names the file, for messages; empty where none does
  UnfinishedFile(std::string option, std::string path, Replacing replacing = {});
  /// Removes what was not finished.
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  const std::string& option() const { return option_; }
  const std::string& path() const { return path_; }
  /// Where it is before `finish`: the name with twelve letters and `.part` behind it.
  const std::string& part_path() const { return part_path_; }
  /// Where it is now.
  const std::string& place() const { return is_finished_ ? target_ : part_path_; }
  /// Open for reading and writing, or for writing only where it is no plain file. Closed by the destructor.
  int descriptor() const { return file_.get(); }

  /// Gives the file its name; an existing one is replaced if that is allowed. May be written on.
  void finish();
  bool is_finished() const { return is_finished_; }

  /// Removes all files of this process that have not taken their names, for the handler of a signal that ends
  /// it.
  static void remove_all() noexcept;

private:
  void create();
  void claim();
  int take_name();
  [[noreturn]] void refuse(const std::string& problem) const;
  [[noreturn]] void refuse(int error_number) const;

  std::string option_;
  std::string path_;
  Replacing replacing_;
  std::string target_;  ///< what `path_` leads to
  std::string part_path_;
  Descriptor file_;
  Descriptor replaced_;  ///< what is there under the name
  int slot_ = -1;
  bool is_finished_ = false;
};

}  // namespace orrery
