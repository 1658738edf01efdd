#include "particles/particles.hpp"

#include <algorithm>
#include <numeric>

namespace orrery {
namespace {

/// Rows as pieces of some bytes, so many bytes apart.
template <class Byte>
struct Pieces {
  Byte* data;
  std::size_t stride;
};

/// Takes pieces in another order. Called by all threads of a parallel region.
template <std::size_t bytes>
void take_in_order(Pieces<const std::byte> from, std::span<const std::int32_t> order, std::byte* to) {
#pragma omp for schedule(static)
  for (std::size_t place = 0; place < order.size(); ++place)
    std::memcpy(to + bytes * place, from.data + from.stride * static_cast<std::size_t>(order[place]), bytes);
}

template <std::size_t bytes>
void put_back(const std::byte* from, std::size_t count, Pieces<std::byte> to) {
#pragma omp for schedule(static)
  for (std::size_t place = 0; place < count; ++place)
    std::memcpy(to.data + to.stride * place, from + bytes * place, bytes);
}

template <std::size_t bytes>
void reorder_pieces(Pieces<std::byte> rows, std::span<const std::int32_t> order, std::byte* room,
                    int threads) {
#pragma omp parallel num_threads(threads)
  {
    take_in_order<bytes>({rows.data, rows.stride}, order, room);
    put_back<bytes>(room, order.size(), rows);
  }
}

}  // namespace

std::size_t ParticleRecord::offset_of(std::size_t column) const {
  const auto found = std::find_if(parts_.begin(), parts_.end(),
                                  [column](const Part& part) { return part.column == column; });
  ensure(found != parts_.end(), "a record has the columns that are asked for");
  return found->offset;
}

std::size_t Particles::add(ColumnDeclaration declaration, std::size_t number_bytes) {
  ensure(declaration.components >= 1, "a column has numbers");
  declaration.width = std::max(declaration.width, declaration.components);
  Storage column{
      .declaration = std::move(declaration), .number_bytes = number_bytes, .row_bytes = 0, .bytes = {}};
  column.row_bytes = number_bytes * static_cast<std::size_t>(column.declaration.width);
  column.bytes.assign(rows_of(column) * column.row_bytes, std::byte{0});
  columns_.push_back(std::move(column));
  return columns_.size() - 1;
}

std::size_t Particles::rows_of(const Storage& column) const {
  return column.declaration.has_ghosts ? owned_ + padding_ + ghosts_ : owned_;
}

void Particles::resize_owned(std::size_t count, std::size_t padding) {
  owned_ = count;
  padding_ = padding;
  resize_ghosts(0);
}

void Particles::resize_ghosts(std::size_t count) {
  ghosts_ = count;
  for (Storage& column : columns_) column.bytes.resize(rows_of(column) * column.row_bytes);
}

void Particles::reorder_by(std::span<const std::int32_t> order, std::size_t room, int threads) {
  Storage& scratch = columns_[room];
  ensure(!scratch.declaration.is_state && order.size() == owned_, "rows are put in order beside the state");
  for (Storage& column : columns_) {
    if (!column.declaration.is_state) continue;
    // As much of each row at a time as there is room for.
    for (std::size_t at = 0; at < column.row_bytes;) {
      const std::size_t left = std::min(scratch.row_bytes, column.row_bytes - at);
      const Pieces<std::byte> rows{column.bytes.data() + at, column.row_bytes};
      std::byte* const to = scratch.bytes.data();
      if (left >= 32) {
        reorder_pieces<32>(rows, order, to, threads);
        at += 32;
      } else if (left >= 8) {
        reorder_pieces<8>(rows, order, to, threads);
        at += 8;
      } else if (left >= 4) {
        reorder_pieces<4>(rows, order, to, threads);
        at += 4;
      } else {
        reorder_pieces<1>(rows, order, to, threads);
        ++at;
      }
    }
  }
}

ParticleRecord Particles::state_record() const {
  std::vector<std::size_t> state;
  for (std::size_t index = 0; index < columns_.size(); ++index)
    if (columns_[index].declaration.is_state) state.push_back(index);
  return record_of(state);
}

ParticleRecord Particles::record_of(std::span<const std::size_t> columns) const {
  ParticleRecord record;
  for (const std::size_t index : columns) {
    const Storage& column = columns_[index];
    const std::size_t bytes = column.number_bytes * static_cast<std::size_t>(column.declaration.components);
    record.parts_.push_back({.column = index, .offset = record.bytes_, .bytes = bytes});
    record.bytes_ += bytes;
  }
  return record;
}

void Particles::move_state(std::size_t from, std::size_t to) {
  if (from == to) return;
  for (Storage& column : columns_) {
    if (!column.declaration.is_state) continue;
    std::memcpy(column.bytes.data() + column.row_bytes * to, column.bytes.data() + column.row_bytes * from,
                column.row_bytes);
  }
}

std::vector<Particles::ColumnBytes> Particles::bytes_by_column() const {
  std::vector<ColumnBytes> all;
  for (const Storage& column : columns_) all.push_back({column.declaration.name, column.bytes.capacity()});
  return all;
}

std::size_t Particles::bytes() const {
  const auto all = bytes_by_column();
  return std::accumulate(all.begin(), all.end(), std::size_t{0},
                         [](std::size_t sum, const ColumnBytes& column) { return sum + column.bytes; });
}

}  // namespace orrery
