#include "io/table_file.hpp"

#include <algorithm>
#include <span>

#include "io/hdf5_handle.hpp"
#include "io/unfinished_file.hpp"

namespace orrery {
namespace {

void write_numbers(hid_t file, const std::string& name, hid_t file_type, hid_t memory_type, hsize_t count,
                   const void* values) {
  const Hdf5Handle space = make_space(std::span(&count, 1));
  Hdf5Handle dataset(
      H5Dcreate2(file, name.c_str(), file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
      "cannot make column '" + name + "'");
  if (count > 0)
    check_hdf5(H5Dwrite(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
               "cannot write column '" + name + "'");
  dataset.close("cannot write column '" + name + "'");
}

void write_column(hid_t file, const std::string& name, const std::vector<std::int64_t>& values) {
  write_numbers(file, name, H5T_STD_I64LE, H5T_NATIVE_INT64, values.size(), values.data());
}

void write_column(hid_t file, const std::string& name, const std::vector<double>& values) {
  write_numbers(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.size(), values.data());
}

void write_column(hid_t file, const std::string& name, const std::vector<std::string>& values) {
  const auto [type, letters] = fixed_texts(values);
  write_numbers(file, name, type.get(), type.get(), values.size(), letters.data());
}

}  // namespace

void write_table_file(const std::string& path, const std::vector<TableColumn>& columns) {
  start_hdf5();
  const std::string what = "cannot write '" + path + "'";
  UnfinishedFile place("", path);
  const Hdf5Handle access = access_without_locks();
  Hdf5Handle file(H5Fcreate(place.part_path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose,
                  what);
  for (const auto& column : columns)
    std::visit([&](const auto& values) { write_column(file.get(), column.name, values); }, column.values);
  file.close(what);
  place.finish();
}

}  // namespace orrery
