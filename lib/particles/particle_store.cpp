#include "particles/particle_store.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace orrery {
namespace {

/// Rows to which columns are padded: twice the widest register, so that blocks may start at any such
/// multiple.
constexpr std::size_t row_padding = 16;

std::vector<AlignedVector<double>> make_columns(int columns, std::size_t count, std::size_t padded) {
  std::vector<AlignedVector<double>> made(static_cast<std::size_t>(columns));
  for (auto& column : made) {
    column.resize(padded);
    std::fill(column.begin() + static_cast<std::ptrdiff_t>(count), column.end(), 0.0);
  }
  return made;
}

}  // namespace

IdColumn IdColumn::consecutive(ParticleId first, std::size_t count) {
  IdColumn ids;
  ids.first_ = number(first);
  ids.size_ = count;
  return ids;
}

IdColumn IdColumn::listed(std::vector<ParticleId> ids) {
  IdColumn column;
  column.size_ = ids.size();
  bool counts_up = true;
  for (std::size_t row = 1; row < ids.size() && counts_up; ++row)
    counts_up = number(ids[row]) == number(ids[0]) + row;
  if (ids.empty()) return column;
  if (counts_up) return consecutive(ids.front(), ids.size());
  column.listed_ = std::move(ids);
  return column;
}

ParticleRows::ParticleRows(int axes, int parameters, std::size_t count)
    : position(static_cast<std::size_t>(axes)), parameter(static_cast<std::size_t>(parameters)) {
  resize(count);
}

void ParticleRows::resize(std::size_t count) {
  id.resize(count);
  for (auto& column : position) column.resize(count);
  for (auto& column : parameter) column.resize(count);
}

ParticleStore::ParticleStore(int axes, int parameters, std::size_t count)
    : count_(count),
      padded_((count + row_padding - 1) / row_padding * row_padding),
      ids_(IdColumn::consecutive(ParticleId{0}, count)),
      initial_(make_columns(axes, count, padded_)),
      state_(make_columns(axes, count, padded_)),
      parameter_(make_columns(parameters, count, padded_)) {}

void ParticleStore::set_ids(IdColumn ids) {
  ensure(ids.size() == count_, "as many ids as particles");
  ids_ = std::move(ids);
}

void ParticleStore::keep_ids_only() {
  initial_.clear();
  state_.clear();
  parameter_.clear();
}

std::size_t ParticleStore::bytes() const {
  return initial_bytes() + state_bytes() + bytes_of(parameter_) + ids_.bytes();
}

}  // namespace orrery
