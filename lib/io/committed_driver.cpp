#include "io/committed_driver.hpp"

#include <H5FDpublic.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <new>
#include <span>

#include "core/error.hpp"

namespace orrery {
namespace {

/// What a file access property list carries.
struct DriverInfo {
  CommittedBytes* bytes;
};

struct OpenFile {
  H5FD_t base;  ///< first: the library takes the one for the other
  CommittedBytes* bytes;
  haddr_t end_of_addresses;
};

OpenFile& open_file(H5FD_t* file) {
  return *reinterpret_cast<OpenFile*>(file);
}
const OpenFile& open_file(const H5FD_t* file) {
  return *reinterpret_cast<const OpenFile*>(file);
}

/// Puts a reason onto the library's stack, worded as its own of failed system calls.
herr_t failed(int error_number, hid_t kind) {
  if (error_number == 0) return 0;
  const std::string reason = error_number == ESTALE ? "another program has cut or removed it; run again, and "
                                                      "leave the file alone until the run has ended"
                                                    : system_message(error_number);
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, kind, "error message = '%s'",
           reason.c_str());
  return -1;
}

H5FD_t* open_callback(const char*, unsigned, hid_t access, haddr_t) {
  const auto* const info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  return reinterpret_cast<H5FD_t*>(new (std::nothrow)
                                       OpenFile{.base = {}, .bytes = info->bytes, .end_of_addresses = 0});
}

herr_t close_callback(H5FD_t* file) {
  delete reinterpret_cast<OpenFile*>(file);
  return 0;
}

int compare_callback(const H5FD_t* first, const H5FD_t* second) {
  const CommittedBytes *const a = open_file(first).bytes, *const b = open_file(second).bytes;
  if (a == b) return 0;
  return std::less<>()(a, b) ? -1 : 1;
}

/// As the library's own driver for plain files: so the file has the same bytes.
herr_t query_callback(const H5FD_t*, unsigned long* flags) {
  if (flags != nullptr) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  }
  return 0;
}

haddr_t get_eoa_callback(const H5FD_t* file, H5FD_mem_t) {
  return open_file(file).end_of_addresses;
}

herr_t set_eoa_callback(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  open_file(file).end_of_addresses = end;
  return 0;
}

haddr_t get_eof_callback(const H5FD_t* file, H5FD_mem_t) {
  return open_file(file).bytes->size();
}

herr_t read_callback(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* buffer) {
  return failed(open_file(file).bytes->read(at, {static_cast<std::byte*>(buffer), size}), H5E_READERROR);
}

herr_t write_callback(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, const void* buffer) {
  return failed(open_file(file).bytes->write(at, {static_cast<const std::byte*>(buffer), size}),
                H5E_WRITEERROR);
}

herr_t truncate_callback(H5FD_t* file, hid_t, hbool_t) {
  return failed(open_file(file).bytes->resize(open_file(file).end_of_addresses), H5E_SEEKERROR);
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(512);  // of those that anybody may take for tests
#endif
  driver.name = "orrery_committed";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<std::int64_t>::max());
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(DriverInfo);
  driver.open = open_callback;
  driver.close = close_callback;
  driver.cmp = compare_callback;
  driver.query = query_callback;
  driver.get_eoa = get_eoa_callback;
  driver.set_eoa = set_eoa_callback;
  driver.get_eof = get_eof_callback;
  driver.read = read_callback;
  driver.write = write_callback;
  driver.truncate = truncate_callback;
  constexpr H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), driver.fl_map);
  return driver;
}

hid_t driver() {
  static const H5FD_class_t description = driver_class();
  static const hid_t id = H5FDregister(&description);
  return id;
}

}  // namespace

Hdf5Handle create_committed_file(CommittedBytes& bytes, const std::string& name, const std::string& what) {
  start_hdf5();
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, what);
  const DriverInfo info{.bytes = &bytes};
  check_hdf5(H5Pset_driver(access.get(), check_hdf5(driver(), what), &info), what);
  check_hdf5(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V110), what);
  const Hdf5Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, what);
  check_hdf5(H5Pset_obj_track_times(creation.get(), false), what);
  return {H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose, what};
}

}  // namespace orrery
