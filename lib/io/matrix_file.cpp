#include "io/matrix_file.hpp"

#include <algorithm>
#include <array>

#include "io/hdf5_dataset.hpp"
#include "io/output_place.hpp"

namespace orrery {
namespace {

Hdf5Handle create_file(const UnfinishedFile& file, const std::string& what) {
  start_hdf5();
  const Hdf5Handle access = access_without_locks();
  check_hdf5(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V110), what);
  const Hdf5Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, what);
  check_hdf5(H5Pset_obj_track_times(creation.get(), false), what);
  return {H5Fcreate(file.part_path().c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose, what};
}

/// Rows and columns of a chunk.
std::uint64_t chunk_edge(std::uint64_t size) {
  return std::min(size, static_cast<std::uint64_t>(matrix_chunk));
}

/// Bytes that the numbers take: chunks are stored whole, and each has an entry in an index.
std::uint64_t stored_bytes(std::uint64_t size, ElementType type, MatrixLayout layout) {
  if (layout == MatrixLayout::contiguous || size == 0) return size * size * size_of(type);
  constexpr std::uint64_t index_entry = 64;
  const std::uint64_t edge = chunk_edge(size);
  const std::uint64_t chunks = (size + edge - 1) / edge;
  return chunks * chunks * (edge * edge * size_of(type) + index_entry);
}

}  // namespace

std::uint64_t MatrixFile::estimated_bytes(std::int64_t size, int axes, ElementType type,
                                          MatrixLayout layout) {
  constexpr std::uint64_t headers = 8192;
  const auto points = static_cast<std::uint64_t>(size);
  return stored_bytes(points, type, layout) + points * static_cast<std::uint64_t>(axes) * sizeof(double) +
         headers;
}

MatrixFile::MatrixFile(const UnfinishedFile& file, const MatrixDescription& description)
    : place_(file),
      type_(description.type),
      what_("cannot write " + file.option() + " '" + file.path() + "'") {
  guarded([&] { create(description); });
  failed_ = false;
}

MatrixFile::~MatrixFile() {
  if (!failed_) return;
  matrix_.abandon();
  file_.abandon();
}

void MatrixFile::create(const MatrixDescription& description) {
  file_ = create_file(place_, what_);
  if (!description.points.empty()) {
    const auto rows = static_cast<hsize_t>(description.size);
    const std::array<hsize_t, 2> shape{rows, description.points.size() / rows};
    const auto space = make_space(shape);
    const auto properties = dataset_properties();
    const Hdf5Handle points(H5Dcreate2(file_.get(), "points", file_type(ElementType::float64), space.get(),
                                       H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                            H5Dclose, what_);
    write_block(points, ElementType::float64, std::array<hsize_t, 2>{0, 0}, shape, description.points.data(),
                what_);
  }
  create_matrix(description);
  check_hdf5(H5Fflush(file_.get(), H5F_SCOPE_LOCAL), what_);
  const auto size = static_cast<std::uint64_t>(description.size);
  if (size == 0) return;
  reserve_room(place_.descriptor(), place_.path(), stored_bytes(size, type_, description.layout),
               {.option = place_.option(), .part = "the matrix", .after = "make room"});
}

void MatrixFile::create_matrix(const MatrixDescription& description) {
  const auto size = static_cast<hsize_t>(description.size);
  const auto space = make_space(std::array<hsize_t, 2>{size, size});
  const auto properties = dataset_properties();
  if (description.layout == MatrixLayout::chunked && size > 0) {
    const hsize_t edge = chunk_edge(size);
    check_hdf5(H5Pset_chunk(properties.get(), 2, std::array<hsize_t, 2>{edge, edge}.data()), what_);
  }
  matrix_ = Hdf5Handle(H5Dcreate2(file_.get(), description.name.c_str(), file_type(type_), space.get(),
                                  H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                       H5Dclose, what_);
  for (const auto& [name, value] : description.attributes) write_attribute(matrix_.get(), name, value);
}

void MatrixFile::write_tile(Range rows, Range columns, const void* data) {
  if (rows.empty() || columns.empty()) return;
  guarded([&] {
    write_block(
        matrix_, type_, std::array{static_cast<hsize_t>(rows.begin), static_cast<hsize_t>(columns.begin)},
        std::array{static_cast<hsize_t>(rows.size()), static_cast<hsize_t>(columns.size())}, data, what_);
  });
}

void MatrixFile::close() {
  guarded([&] {
    matrix_.close(what_);
    file_.close(what_);
  });
}

template <class Action>
void MatrixFile::guarded(const Action& action) {
  try {
    action();
  } catch (...) {
    failed_ = true;
    throw;
  }
}

}  // namespace orrery
