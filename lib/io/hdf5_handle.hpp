/// HDF5 identifiers that close themselves, and checked calls.
#pragma once

#include <hdf5.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace orrery {

/// A failed HDF5 call; the message ends with the library's innermost reason.
class Hdf5Error : public Error {
public:
  explicit Hdf5Error(const std::string& message) : Error(ExitCode::output, message) {}
};

/// Keeps the library from printing its error stack, and from closing files once more when the program exits:
/// after a file that could not be closed because the disk was full, that crashes. Call before the first HDF5
/// call of every thread (the library keeps the former setting per thread); further calls do no harm.
/// @throws OutOfMemory  where the library would end the program for want of it
void start_hdf5();

/// Throws `Hdf5Error` "<what>: <reason>" if an HDF5 call returned a negative value.
template <class Value>
Value check_hdf5(Value value, const std::string& what);

/// Owns one identifier of any kind.
class Hdf5Handle {
public:
  using Closer = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  /// @throws Hdf5Error when `id` is negative
  Hdf5Handle(hid_t id, Closer closer, const std::string& what);
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(closer_, other.closer_);
    return *this;
  }
  ~Hdf5Handle();

  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

  /// Forgets the identifier without closing it.
  void abandon() { id_ = H5I_INVALID_HID; }

  /// Closes now, and reports failure, which the destructor cannot.
  void close(const std::string& what);

private:
  hid_t id_ = H5I_INVALID_HID;
  Closer closer_ = nullptr;
};

/// How a file is opened that this program writes and guards by locks of its own: the library's would keep
/// readers out, and fail where a file system has none. @throws Hdf5Error
Hdf5Handle access_without_locks();

/// @throws Hdf5Error; extents in elements, fastest last
Hdf5Handle make_space(std::span<const hsize_t> extents);
Hdf5Handle make_group(hid_t parent, const std::string& name);

/// Texts as files have them: of one fixed length, with a zero behind the longest, because readers such as
/// netCDF look for one; marked as ASCII where they are, because Octave reads no others, else as UTF-8.
struct FixedTexts {
  Hdf5Handle type;            ///< in file and memory
  std::vector<char> letters;  ///< one text after the other, filled up with zeros
};
/// @throws Hdf5Error
FixedTexts fixed_texts(std::span<const std::string> texts);

/// Whether a path exists below a group, link by link.
bool exists(hid_t parent, const std::string& path);

void write_attribute(hid_t object, const std::string& name, std::span<const int> values);
void write_attribute(hid_t object, const std::string& name, int value);
void write_attribute(hid_t object, const std::string& name, std::uint64_t value);
void write_attribute(hid_t object, const std::string& name, double value);
void write_attribute(hid_t object, const std::string& name, std::span<const double> values);
/// Text of fixed length, as H5MD wants it.
void write_attribute(hid_t object, const std::string& name, const std::string& value);
void write_attribute(hid_t object, const std::string& name, std::span<const std::string> values);
/// Text of variable length, which is what readers want for units.
void write_variable_text(hid_t object, const std::string& name, const std::string& value);

/// Extents of a dataset.
std::vector<hsize_t> extents_of(hid_t dataset);

}  // namespace orrery
