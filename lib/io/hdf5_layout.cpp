#include "io/hdf5_layout.hpp"

#include <array>
#include <set>
#include <utility>
#include <vector>

namespace orrery {
namespace {

/// More objects than anybody looks through.
constexpr std::size_t most_objects = std::size_t{1} << 20;

/// A chunk is unpacked whole.
constexpr double most_chunk_bytes = 0x1p30;

/// Deflate makes at most 1032 bytes of one.
constexpr double most_growth = 1100.0;
constexpr double small_bytes = 0x1p24;

struct Link {
  std::string name;
  H5L_type_t type;
};

std::vector<Link> links_of(hid_t group, const std::string& path) {
  std::vector<Link> links;
  hsize_t next = 0;
  check_hdf5(H5Literate(
                 group, H5_INDEX_NAME, H5_ITER_NATIVE, &next,
                 [](hid_t, const char* name, const H5L_info_t* info, void* found) -> herr_t {
                   auto& all = *static_cast<std::vector<Link>*>(found);
                   if (all.size() > most_objects) return -1;
                   all.push_back({name, info->type});
                   return 0;
                 },
                 &links),
             "cannot list " + path);
  return links;
}

void refuse_dataset_elsewhere(hid_t group, const std::string& name, const std::string& path) {
  const Hdf5Handle dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose,
                           "cannot open data set " + path);
  const std::string what = "cannot read how " + path + " is stored";
  const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, what);
  if (H5Pget_layout(properties.get()) == H5D_VIRTUAL)
    throw Hdf5Error(path + " is a virtual data set, whose numbers may lie in other files; make a copy that " +
                    "holds them itself, as h5py does: file[path][...]");
  if (check_hdf5(H5Pget_external_count(properties.get()), what) > 0)
    throw Hdf5Error(path + " keeps its numbers in other files (external storage); make a copy that holds " +
                    "them itself, as h5repack does");
}

/// A group that is still to be looked through.
struct Pending {
  Hdf5Handle group;
  std::string path;
};

class Search {
public:
  void run(hid_t file) {
    add(file, "/", "");
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      for (const auto& link : links_of(next.group.get(), next.path.empty() ? "/" : next.path))
        look_at(next.group.get(), link, next.path + "/" + link.name);
    }
  }

private:
  void add(hid_t parent, const std::string& name, const std::string& path) {
    pending_.push_back(
        {Hdf5Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose, "cannot open group " + path),
         path});
  }

  void look_at(hid_t group, const Link& link, const std::string& path) {
    if (++count_ > most_objects)
      throw Hdf5Error("it holds more than " + std::to_string(most_objects) +
                      " objects; copy what is wanted to a file of its own");
    if (link.type == H5L_TYPE_SOFT) return;  // leads to what is found through other links, or nowhere
    if (link.type == H5L_TYPE_EXTERNAL)
      throw Hdf5Error(path +
                      " is a link to another file; make a copy that holds it itself, as h5copy -f ext does");
    if (link.type != H5L_TYPE_HARD)
      throw Hdf5Error(path +
                      " is a link of a kind that a program defined for itself; make a copy without it");
    H5O_info_t info;
    check_hdf5(H5Oget_info_by_name2(group, link.name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT),
               "cannot look at " + path);
    // An object may have several links; groups may hold themselves.
    if (info.rc > 1 && !seen_.insert(info.addr).second) return;
    if (info.type == H5O_TYPE_GROUP) {
      if (info.rc <= 1 && !seen_.insert(info.addr).second) return;
      add(group, link.name, path);
    } else if (info.type == H5O_TYPE_DATASET) {
      refuse_dataset_elsewhere(group, link.name, path);
    }
  }

  std::vector<Pending> pending_;
  std::set<haddr_t> seen_;
  std::size_t count_ = 0;
};

/// Filters that come with the library, so that reading loads no code from elsewhere.
bool is_built_in(H5Z_filter_t filter) {
  constexpr std::array<H5Z_filter_t, 6> all{H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32,
                                            H5Z_FILTER_SZIP,    H5Z_FILTER_NBIT,    H5Z_FILTER_SCALEOFFSET};
  for (const H5Z_filter_t known : all)
    if (filter == known) return true;
  return false;
}

}  // namespace

void refuse_parts_elsewhere(hid_t file) {
  Search().run(file);
}

bool is_plain_dataset(hid_t file, const std::string& path) {
  for (std::size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    H5L_info_t link;
    if (H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0 ||
        H5Lget_info(file, part.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
      return false;
    if (end == std::string::npos) break;
  }
  H5O_info_t info;
  if (H5Oget_info_by_name2(file, path.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0 ||
      info.type != H5O_TYPE_DATASET)
    return false;
  refuse_dataset_elsewhere(file, path, path);
  return true;
}

double Storage::most_bytes() const {
  return small_bytes + static_cast<double>(stored_bytes) * (is_filtered ? most_growth : 1.0);
}

Storage storage_of(const Hdf5Handle& dataset, const std::string& path) {
  const std::string what = "cannot read how " + path + " is stored";
  const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, what);
  Storage storage{.stored_bytes = H5Dget_storage_size(dataset.get())};
  const int filters = check_hdf5(H5Pget_nfilters(properties.get()), what);
  for (int filter = 0; filter < filters; ++filter) {
    unsigned flags = 0;
    std::array<char, 64> name{};
    std::size_t values = 0;
    const H5Z_filter_t id =
        check_hdf5(H5Pget_filter2(properties.get(), static_cast<unsigned>(filter), &flags, &values, nullptr,
                                  name.size() - 1, name.data(), nullptr),
                   what);
    storage.is_filtered |= id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_FLETCHER32;
    if (is_built_in(id)) continue;
    throw Hdf5Error(path + " is stored by filter " + std::to_string(id) +
                    (name[0] == '\0' ? "" : " (" + std::string(name.data()) + ")") +
                    ", which not every HDF5 library has; repack it with gzip, as h5repack -f GZIP=1 does");
  }
  if (H5Pget_layout(properties.get()) != H5D_CHUNKED) return storage;
  std::vector<hsize_t> chunk(extents_of(dataset.get()).size());
  check_hdf5(H5Pget_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()), what);
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, what);
  auto bytes = static_cast<double>(H5Tget_size(type.get()));
  for (const hsize_t extent : chunk) bytes *= static_cast<double>(extent);
  if (bytes > most_chunk_bytes) throw Hdf5Error(path + " claims to have chunks of more than 1 GiB");
  storage.chunk_bytes = static_cast<std::uint64_t>(bytes);
  storage.chunk_rows = static_cast<std::int64_t>(chunk.empty() ? 0 : chunk[0]);
  return storage;
}

bool is_row_stored(const Hdf5Handle& dataset, const Storage& storage, std::int64_t row) {
  if (storage.chunk_rows == 0) return storage.stored_bytes > 0;
  std::vector<hsize_t> start(extents_of(dataset.get()).size(), 0);
  start[0] = static_cast<hsize_t>(row - row % storage.chunk_rows);
  hsize_t bytes = 0;
  // The library fails on a chunk that it does not know.
  return H5Dget_chunk_storage_size(dataset.get(), start.data(), &bytes) >= 0 && bytes > 0;
}

}  // namespace orrery
