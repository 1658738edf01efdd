#include "io/checksum_table.hpp"

#include <array>

#include "io/hdf5_dataset.hpp"

namespace orrery {
namespace {

std::vector<std::string> names_of(const std::vector<Field>& fields, const std::string& last) {
  std::vector<std::string> names;
  names.reserve(fields.size() + 1);
  for (const auto& field : fields) names.push_back(field.name);
  names.push_back(last);
  return names;
}

}  // namespace

ChecksumTable::ChecksumTable(hid_t run_group, const FrameLayout& layout, std::string_view configuration)
    : constant_(layout.constant.size()),
      per_frame_(layout.per_frame.size()),
      configuration_(checksum_of(configuration)) {
  const auto group = make_group(run_group, "checksums");
  write_attribute(group.get(), "algorithm", std::string(checksum_algorithm));

  const auto constant_names = names_of(layout.constant, "config");
  const hsize_t constants = constant_names.size();
  const auto space = make_space(std::span(&constants, 1));
  const auto properties = dataset_properties();
  constants_ = Hdf5Handle(H5Dcreate2(group.get(), "constants", file_type(ElementType::uint64), space.get(),
                                     H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                          H5Dclose, "cannot create data set constants");
  write_attribute(constants_.get(), "of", constant_names);

  const auto frame_names = names_of(layout.per_frame, "numbers");
  const hsize_t columns = frame_names.size();
  frames_ = create_series(group.get(), "frames", std::span(&columns, 1), ElementType::uint64,
                          std::array{numbers_per_chunk / 4, columns});
  write_attribute(frames_.get(), "of", frame_names);
}

void ChecksumTable::start_frame() {
  for (auto& sum : per_frame_) sum.reset();
}

void ChecksumTable::finish_frame(std::int64_t frame, std::uint64_t numbers, const std::string& what) {
  if (frame == 0) {  // constant columns come before frames
    std::vector<std::uint64_t> constants;
    for (const auto& sum : constant_) constants.push_back(sum.value());
    constants.push_back(configuration_);
    const hsize_t start = 0;
    const hsize_t count = constants.size();
    write_block(constants_, ElementType::uint64, std::span(&start, 1), std::span(&count, 1), constants.data(),
                what);
  }
  last_row_.clear();
  for (const auto& sum : per_frame_) last_row_.push_back(sum.value());
  last_row_.push_back(numbers);
  const hsize_t columns = last_row_.size();
  append_row(frames_, ElementType::uint64, static_cast<hsize_t>(frame), std::span(&columns, 1),
             last_row_.data(), what);
}

}  // namespace orrery
