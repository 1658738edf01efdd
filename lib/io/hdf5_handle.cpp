#include "io/hdf5_handle.hpp"

#include <algorithm>
#include <cstdint>

#include "core/out_of_memory.hpp"

namespace orrery {
namespace {

/// The deepest entry of the library's error stack that says something of its own.
herr_t keep_reason(unsigned, const H5E_error2_t* entry, void* reason) {
  if (entry->desc != nullptr && *entry->desc != '\0') *static_cast<std::string*>(reason) = entry->desc;
  return 0;
}

/// Whether the library's innermost trouble is that it got no memory.
bool is_out_of_memory() {
  bool out_of_memory = false;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t* entry, void* data) -> herr_t {
        if (depth == 0) {
          *static_cast<bool*>(data) = entry->maj_num == H5E_RESOURCE &&
                                      (entry->min_num == H5E_NOSPACE || entry->min_num == H5E_CANTALLOC);
        }
        return 0;
      },
      &out_of_memory);
  return out_of_memory;
}

std::string reason_of_failure() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t* entry, void* data) -> herr_t {
        return depth == 0 ? keep_reason(depth, entry, data) : 0;
      },
      &reason);
  // "file write failed: time = ..., errno = 28, error message = 'No space left on device', ..." is long; its
  // heart is short.
  const std::string marker = "error message = '";
  if (const auto at = reason.find(marker); at != std::string::npos) {
    const auto begin = at + marker.size();
    reason = reason.substr(begin, reason.find('\'', begin) - begin);
  }
  H5Eclear2(H5E_DEFAULT);
  return reason.empty() ? "the HDF5 library gives no reason" : reason;
}

Hdf5Handle make_attribute(hid_t object, const std::string& name, hid_t type, hid_t space) {
  return {H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
          "cannot create attribute " + name};
}

Hdf5Handle scalar_space() {
  return {H5Screate(H5S_SCALAR), H5Sclose, "cannot describe a scalar"};
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return (letter & 0x80) == 0; });
}

}  // namespace

void start_hdf5() {
  // HDF5 1.10 follows a null pointer where it gets no memory for the cache of a new file's metadata.
  constexpr std::size_t more_than_it_takes_for_a_file = 16 << 20;
  require_memory(more_than_it_takes_for_a_file, "cannot use HDF5");
  static const herr_t never_at_exit = H5dont_atexit();
  static_cast<void>(never_at_exit);
  // Filters that the environment or a file names are code of others.
  H5PLset_loading_state(0);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

template <class Value>
Value check_hdf5(Value value, const std::string& what) {
  if (value >= 0) return value;
  // Which is not the fault of the file.
  if (is_out_of_memory()) throw OutOfMemory(what);
  throw Hdf5Error(what + ": " + reason_of_failure());
}
template int check_hdf5(int, const std::string&);
template hid_t check_hdf5(hid_t, const std::string&);

Hdf5Handle::Hdf5Handle(hid_t id, Closer closer, const std::string& what)
    : id_(check_hdf5(id, what)), closer_(closer) {}

Hdf5Handle::~Hdf5Handle() {
  if (id_ >= 0) closer_(id_);
}

void Hdf5Handle::close(const std::string& what) {
  if (id_ >= 0) check_hdf5(closer_(std::exchange(id_, H5I_INVALID_HID)), what);
}

Hdf5Handle access_without_locks() {
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot describe a file");
#if H5_VERSION_GE(1, 10, 7)
  check_hdf5(H5Pset_file_locking(access.get(), false, true), "cannot describe a file");
#endif
  return access;
}

Hdf5Handle make_space(std::span<const hsize_t> extents) {
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose,
          "cannot describe an array"};
}

FixedTexts fixed_texts(std::span<const std::string> texts) {
  std::size_t longest = 0;
  for (const auto& text : texts) longest = std::max(longest, text.size());
  const std::size_t size = longest + 1;
  FixedTexts made{.type = {H5Tcopy(H5T_C_S1), H5Tclose, "cannot describe a text"},
                  .letters = std::vector<char>(size * texts.size(), '\0')};
  check_hdf5(H5Tset_size(made.type.get(), size), "cannot describe a text");
  check_hdf5(H5Tset_strpad(made.type.get(), H5T_STR_NULLPAD), "cannot describe a text");
  if (!std::all_of(texts.begin(), texts.end(), is_ascii))
    check_hdf5(H5Tset_cset(made.type.get(), H5T_CSET_UTF8), "cannot describe a text");
  for (std::size_t index = 0; index < texts.size(); ++index)
    std::copy(texts[index].begin(), texts[index].end(),
              made.letters.begin() + static_cast<std::ptrdiff_t>(index * size));
  return made;
}

Hdf5Handle make_group(hid_t parent, const std::string& name) {
  const Hdf5Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "cannot describe a group");
  check_hdf5(H5Pset_obj_track_times(properties.get(), false), "cannot describe a group");
  return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Gclose,
          "cannot create group " + name};
}

bool exists(hid_t parent, const std::string& path) {
  for (std::size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (H5Lexists(parent, part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return H5Oexists_by_name(parent, path.c_str(), H5P_DEFAULT) > 0;
  }
}

void write_attribute(hid_t object, const std::string& name, std::span<const int> values) {
  const hsize_t count = values.size();
  const auto space = make_space(std::span(&count, 1));
  const auto attribute = make_attribute(object, name, H5T_STD_I32LE, space.get());
  check_hdf5(H5Awrite(attribute.get(), H5T_NATIVE_INT, values.data()), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, int value) {
  const auto space = scalar_space();
  const auto attribute = make_attribute(object, name, H5T_STD_I32LE, space.get());
  check_hdf5(H5Awrite(attribute.get(), H5T_NATIVE_INT, &value), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, std::uint64_t value) {
  const auto space = scalar_space();
  const auto attribute = make_attribute(object, name, H5T_STD_U64LE, space.get());
  check_hdf5(H5Awrite(attribute.get(), H5T_NATIVE_UINT64, &value), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, double value) {
  const auto space = scalar_space();
  const auto attribute = make_attribute(object, name, H5T_IEEE_F64LE, space.get());
  check_hdf5(H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, &value), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, std::span<const double> values) {
  const hsize_t count = values.size();
  const auto space = make_space(std::span(&count, 1));
  const auto attribute = make_attribute(object, name, H5T_IEEE_F64LE, space.get());
  check_hdf5(H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, values.data()), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, const std::string& value) {
  const auto space = scalar_space();
  const auto [type, letters] = fixed_texts(std::span(&value, 1));
  const auto attribute = make_attribute(object, name, type.get(), space.get());
  check_hdf5(H5Awrite(attribute.get(), type.get(), letters.data()), "cannot write attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, std::span<const std::string> values) {
  const hsize_t count = values.size();
  const auto space = make_space(std::span(&count, 1));
  const auto [type, letters] = fixed_texts(values);
  const auto attribute = make_attribute(object, name, type.get(), space.get());
  check_hdf5(H5Awrite(attribute.get(), type.get(), letters.data()), "cannot write attribute " + name);
}

void write_variable_text(hid_t object, const std::string& name, const std::string& value) {
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot describe a text");
  check_hdf5(H5Tset_size(type.get(), H5T_VARIABLE), "cannot describe a text");
  const auto space = scalar_space();
  const auto attribute = make_attribute(object, name, type.get(), space.get());
  const char* const text = value.c_str();
  check_hdf5(H5Awrite(attribute.get(), type.get(), static_cast<const void*>(&text)),
             "cannot write attribute " + name);
}

std::vector<hsize_t> extents_of(hid_t dataset) {
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose, "cannot read the shape of a data set");
  const int rank = check_hdf5(H5Sget_simple_extent_ndims(space.get()), "cannot read the shape of a data set");
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  check_hdf5(H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr),
             "cannot read the shape of a data set");
  return extents;
}

}  // namespace orrery
