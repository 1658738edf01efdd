/// Lines of a text file, compressed or not, read piece by piece.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace orrery {

/// Whatever the size of the file, and of what it unpacks to, takes the memory of its longest line, which may
/// have 16 MiB. Local.
class TextLines {
public:
  /// @param what  the file in messages, such as "particles.file 'p.csv'"
  /// @throws Error (input_data) where it cannot be read
  TextLines(const std::string& file, const std::string& what);

  /// The next line without its end, valid until the next call; false at the end. A mark that some editors put
  /// at the start of UTF-8 text is left out. @throws Error (input_data)
  bool next(std::string_view& line);
  /// Starts over from the first line.
  void rewind();

  /// Number of the last line, from 1; 0 before the first.
  std::int64_t number() const { return number_; }
  const std::string& file() const { return file_; }

  /// @throws Error (input_data) "file:line: problem", with the number of the last line
  [[noreturn]] void refuse(const std::string& problem) const;

private:
  struct Closer {
    void operator()(gzFile_s* file) const;
  };

  bool fill();

  std::string file_;
  std::unique_ptr<gzFile_s, Closer> stream_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< what is in the buffer and not read yet
  bool at_end_ = false;
  std::int64_t number_ = 0;
};

}  // namespace orrery
