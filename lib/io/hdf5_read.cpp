#include "io/hdf5_read.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/input_file.hpp"
#include "core/number_text.hpp"
#include "io/hdf5_layout.hpp"

namespace orrery {
namespace {

/// More than any attribute or text of ours; what claims to be longer is damaged.
constexpr std::size_t most_bytes = std::size_t{16} << 20;

/// To open a file that is being written.
constexpr int most_attempts = 50;

[[noreturn]] void refuse(const std::string& called, const std::string& problem) {
  throw Error(ExitCode::input_data, called + ": " + problem);
}

Hdf5Handle open_attribute(hid_t parent, const std::string& path, const std::string& name) {
  return {H5Aopen_by_name(parent, path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
          "cannot read attribute " + name + " of " + path};
}

bool has_attribute(hid_t parent, const std::string& path, const std::string& name) {
  return exists(parent, path) && H5Aexists_by_name(parent, path.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::size_t elements_of(const Hdf5Handle& attribute, const std::string& what) {
  const Hdf5Handle space(H5Aget_space(attribute.get()), H5Sclose, what);
  const auto count = H5Sget_simple_extent_npoints(space.get());
  if (count < 0 || static_cast<std::size_t>(count) > most_bytes)
    throw Hdf5Error(what + ": it claims to be too large");
  return static_cast<std::size_t>(count);
}

/// A text without the zeros or blanks that fill it up.
std::string text_from(const char* letters, std::size_t length) {
  std::string text(letters, length);
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::vector<std::string> fixed_texts(hid_t attribute, std::size_t count, std::size_t length,
                                     const std::string& what) {
  if (length == 0 || length > most_bytes / std::max<std::size_t>(count, 1))
    throw Hdf5Error(what + ": it claims to be too large");
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose, what);
  std::vector<char> letters(count * length);
  check_hdf5(H5Aread(attribute, type.get(), letters.data()), what);
  std::vector<std::string> texts;
  for (std::size_t index = 0; index < count; ++index)
    texts.push_back(text_from(letters.data() + index * length, length));
  return texts;
}

std::vector<std::string> variable_texts(hid_t attribute, std::size_t count, const std::string& what) {
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose, what);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose, what);
  std::vector<char*> pointers(count, nullptr);
  check_hdf5(H5Aread(attribute, type.get(), static_cast<void*>(pointers.data())), what);
  std::vector<std::string> texts;
  texts.reserve(count);
  for (const char* pointer : pointers) texts.emplace_back(pointer == nullptr ? "" : pointer);
  check_hdf5(H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, static_cast<void*>(pointers.data())),
             what);
  return texts;
}

/// The values of an attribute as texts; empty when it is neither text nor numbers.
std::vector<std::string> values_of(const Hdf5Handle& attribute, const std::string& what) {
  const Hdf5Handle type(H5Aget_type(attribute.get()), H5Tclose, what);
  const std::size_t count = elements_of(attribute, what);
  std::vector<std::string> texts;
  if (count == 0) return texts;
  switch (H5Tget_class(type.get())) {
    case H5T_STRING:
      return check_hdf5(H5Tis_variable_str(type.get()), what) > 0
                 ? variable_texts(attribute.get(), count, what)
                 : fixed_texts(attribute.get(), count, H5Tget_size(type.get()), what);
    case H5T_INTEGER: {
      const bool is_unsigned = H5Tget_sign(type.get()) == H5T_SGN_NONE;
      std::vector<std::int64_t> numbers(count);
      check_hdf5(H5Aread(attribute.get(), is_unsigned ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64, numbers.data()),
                 what);
      for (const auto number : numbers) {
        texts.push_back(is_unsigned ? std::to_string(static_cast<std::uint64_t>(number))
                                    : std::to_string(number));
      }
      return texts;
    }
    case H5T_FLOAT: {
      std::vector<double> numbers(count);
      check_hdf5(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, numbers.data()), what);
      for (const double number : numbers) texts.push_back(to_text(number));
      return texts;
    }
    default:
      return texts;
  }
}

bool is_of_kind(hid_t parent, const std::string& path, H5O_type_t kind) {
  if (!exists(parent, path)) return false;
  H5O_info_t info;
  return H5Oget_info_by_name2(parent, path.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
         info.type == kind;
}

}  // namespace

Hdf5Handle open_for_reading(const std::string& path) {
  return open_for_reading(path, "'" + path + "'");
}

Hdf5Handle open_for_reading(const std::string& path, const std::string& called) {
  Hdf5Handle file = open_unsearched(path, called);
  try {
    refuse_parts_elsewhere(file.get());
  } catch (const Hdf5Error& error) {
    refuse(called, error.what());
  }
  return file;
}

Hdf5Handle open_unsearched(const std::string& path, const std::string& called) {
  start_hdf5();
  std::error_code status;
  if (!std::filesystem::exists(path, status)) refuse(called, "there is no such file");
  check_input_file(path, called);
  if (std::filesystem::file_size(path, status) == 0 && !status) refuse(called, "the file is empty");
  for (int attempt = 1; true; ++attempt) {
    const FileIdentity before = identity_of_file(path);
    try {
      const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot describe a file");
      // Its writer may be at work; what it has not finished yet, `valid_frames` does not count. All openings
      // of a process have to agree on locks, and so they go through here.
      check_hdf5(H5Pset_file_locking(access.get(), false, true), "cannot describe a file");
      check_hdf5(H5Pset_fapl_sec2(access.get()), "cannot describe a file");
      return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
              "it is not a readable HDF5 file"};
    } catch (const Hdf5Error& error) {
      // Its writer may have got half-way with the head of the file.
      if (attempt == most_attempts || identity_of_file(path) == before) refuse(called, error.what());
    }
  }
}

std::vector<std::string> names_in(hid_t parent, const std::string& group) {
  std::vector<std::string> names;
  if (!is_group(parent, group)) return names;
  const std::string what = "cannot list " + group;
  const Hdf5Handle handle(H5Gopen2(parent, group.c_str(), H5P_DEFAULT), H5Gclose, what);
  hsize_t next = 0;
  check_hdf5(H5Literate(
                 handle.get(), H5_INDEX_NAME, H5_ITER_INC, &next,
                 [](hid_t, const char* name, const H5L_info_t*, void* found) -> herr_t {
                   static_cast<std::vector<std::string>*>(found)->emplace_back(name);
                   return 0;
                 },
                 &names),
             what);
  return names;
}

bool is_group(hid_t parent, const std::string& path) {
  return is_of_kind(parent, path, H5O_TYPE_GROUP);
}

bool is_dataset(hid_t parent, const std::string& path) {
  return is_of_kind(parent, path, H5O_TYPE_DATASET);
}

Hdf5Handle open_dataset(hid_t parent, const std::string& path) {
  return {H5Dopen2(parent, path.c_str(), H5P_DEFAULT), H5Dclose, "cannot open data set " + path};
}

std::optional<ElementType> element_type_of(const Hdf5Handle& dataset) {
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, "cannot read a type");
  const std::size_t size = H5Tget_size(type.get());
  switch (H5Tget_class(type.get())) {
    case H5T_FLOAT:
      return size <= 4 ? ElementType::float32 : ElementType::float64;
    case H5T_INTEGER: {
      const bool has_sign = H5Tget_sign(type.get()) != H5T_SGN_NONE;
      if (size == 4 && has_sign) return ElementType::int32;
      return size == 8 && !has_sign ? ElementType::uint64 : ElementType::int64;
    }
    default:
      return std::nullopt;
  }
}

Attributes attributes_of(hid_t parent, const std::string& path) {
  Attributes attributes;
  if (!exists(parent, path)) return attributes;
  const std::string what = "cannot list the attributes of " + path;
  const Hdf5Handle object(H5Oopen(parent, path.c_str(), H5P_DEFAULT), H5Oclose, what);
  std::vector<std::string> names;
  hsize_t next = 0;
  check_hdf5(H5Aiterate2(
                 object.get(), H5_INDEX_NAME, H5_ITER_INC, &next,
                 [](hid_t, const char* name, const H5A_info_t*, void* found) -> herr_t {
                   static_cast<std::vector<std::string>*>(found)->emplace_back(name);
                   return 0;
                 },
                 &names),
             what);
  for (const auto& name : names) {
    const auto values = texts_of(parent, path, name);
    if (values.empty()) continue;
    std::string joined;
    for (const auto& value : values) joined += (joined.empty() ? "" : ", ") + value;
    attributes.emplace_back(name, joined);
  }
  return attributes;
}

std::vector<std::string> texts_of(hid_t parent, const std::string& path, const std::string& attribute) {
  if (!has_attribute(parent, path, attribute)) return {};
  return values_of(open_attribute(parent, path, attribute),
                   "cannot read attribute " + attribute + " of " + path);
}

std::optional<std::int64_t> whole_number_of(hid_t parent, const std::string& path,
                                            const std::string& attribute) {
  const auto texts = texts_of(parent, path, attribute);
  const auto number = texts.size() == 1 ? parse_count(texts[0]) : std::nullopt;
  return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}

std::optional<std::int64_t> whole_number_in(hid_t parent, const std::string& dataset) {
  if (!is_dataset(parent, dataset)) return std::nullopt;
  const auto handle = open_dataset(parent, dataset);
  const auto type = element_type_of(handle);
  const bool is_whole =
      type == ElementType::int32 || type == ElementType::int64 || type == ElementType::uint64;
  if (!extents_of(handle.get()).empty() || !is_whole) return std::nullopt;
  std::int64_t number = 0;
  check_hdf5(H5Dread(handle.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &number),
             "cannot read " + dataset);
  return number;
}

std::string text_in(hid_t parent, const std::string& dataset) {
  if (!is_dataset(parent, dataset)) return "";
  const std::string what = "cannot read " + dataset;
  const auto handle = open_dataset(parent, dataset);
  const Hdf5Handle type(H5Dget_type(handle.get()), H5Tclose, what);
  const std::size_t length = H5Tget_size(type.get());
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0 ||
      !extents_of(handle.get()).empty()) {
    return "";
  }
  if (length > most_bytes) throw Hdf5Error(what + ": it claims to be too large");
  std::vector<char> letters(length);
  check_hdf5(H5Dread(handle.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, letters.data()), what);
  return text_from(letters.data(), length);
}

}  // namespace orrery
