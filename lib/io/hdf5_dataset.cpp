#include "io/hdf5_dataset.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace orrery {
namespace {

struct Selection {
  Hdf5Handle file;
  Hdf5Handle memory;
};

Selection select(const Hdf5Handle& dataset, std::span<const hsize_t> start, std::span<const hsize_t> count,
                 const std::string& what) {
  Hdf5Handle space(H5Dget_space(dataset.get()), H5Sclose, what);
  check_hdf5(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
             what);
  return {std::move(space), make_space(count)};
}

}  // namespace

hid_t file_type(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return H5T_IEEE_F32LE;
    case ElementType::int32:
      return H5T_STD_I32LE;
    case ElementType::int64:
      return H5T_STD_I64LE;
    case ElementType::uint64:
      return H5T_STD_U64LE;
    case ElementType::float64:
      break;
  }
  return H5T_IEEE_F64LE;
}

hid_t memory_type(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return H5T_NATIVE_FLOAT;
    case ElementType::int32:
      return H5T_NATIVE_INT32;
    case ElementType::int64:
      return H5T_NATIVE_INT64;
    case ElementType::uint64:
      return H5T_NATIVE_UINT64;
    case ElementType::float64:
      break;
  }
  return H5T_NATIVE_DOUBLE;
}

Hdf5Handle dataset_properties() {
  Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "cannot describe a data set");
  check_hdf5(H5Pset_obj_track_times(properties.get(), false), "cannot describe a data set");
  check_hdf5(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "cannot describe a data set");
  return properties;
}

Hdf5Handle create_series(hid_t group, const std::string& name, std::span<const hsize_t> row, ElementType type,
                         std::span<const hsize_t> chunk) {
  std::vector<hsize_t> extents{0};
  std::vector<hsize_t> limits{H5S_UNLIMITED};
  extents.insert(extents.end(), row.begin(), row.end());
  // A run without particles has rows of length 0; a chunk is at least 1 long and may not exceed the limit.
  for (const hsize_t extent : row) limits.push_back(std::max<hsize_t>(extent, 1));
  const Hdf5Handle space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), limits.data()),
                         H5Sclose, "cannot describe data set " + name);
  const auto properties = dataset_properties();
  check_hdf5(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()),
             "cannot describe data set " + name);
  // Rows come in whole chunks: they go to the file directly rather than through the chunk cache.
  const Hdf5Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "cannot describe data set " + name);
  if (row.size() == 2 && chunk[0] == 1) {
    check_hdf5(H5Pset_chunk_cache(access.get(), 0, 0, H5D_CHUNK_CACHE_W0_DEFAULT),
               "cannot describe data set " + name);
  }
  return {H5Dcreate2(group, name.c_str(), file_type(type), space.get(), H5P_DEFAULT, properties.get(),
                     access.get()),
          H5Dclose, "cannot create data set " + name};
}

void write_block(const Hdf5Handle& dataset, ElementType type, std::span<const hsize_t> start,
                 std::span<const hsize_t> count, const void* data, const std::string& what) {
  const Selection selected = select(dataset, start, count, what);
  check_hdf5(H5Dwrite(dataset.get(), memory_type(type), selected.memory.get(), selected.file.get(),
                      H5P_DEFAULT, data),
             what);
}

void append_row(const Hdf5Handle& series, ElementType type, hsize_t index, std::span<const hsize_t> row,
                const void* data, const std::string& what) {
  std::vector<hsize_t> extents{index + 1};
  std::vector<hsize_t> start(row.size() + 1, 0);
  std::vector<hsize_t> count{1};
  extents.insert(extents.end(), row.begin(), row.end());
  count.insert(count.end(), row.begin(), row.end());
  start[0] = index;
  check_hdf5(H5Dset_extent(series.get(), extents.data()), what);
  write_block(series, type, start, count, data, what);
}

void read_block(const Hdf5Handle& dataset, ElementType type, std::span<const hsize_t> start,
                std::span<const hsize_t> count, void* data, const std::string& what) {
  // The library does not like empty selections in memory.
  if (std::accumulate(count.begin(), count.end(), hsize_t{1}, std::multiplies<>()) == 0) return;
  const Selection selected = select(dataset, start, count, what);
  check_hdf5(H5Dread(dataset.get(), memory_type(type), selected.memory.get(), selected.file.get(),
                     H5P_DEFAULT, data),
             what);
}

}  // namespace orrery
