/// Particles that move from rank to rank.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "comm/exchange_items.hpp"
#include "core/even_split.hpp"
#include "core/in_parts.hpp"
#include "particles/particles.hpp"

namespace orrery {

/// Gives every owned particle, with all its state, to the rank that owns it from now on. Rows of particles
/// that leave are taken by those that come, or by the last ones. Drops the ghosts. Collective.
/// @param owner  rank of each owned particle, shape (owned)
/// @return the rows of particles that have come
std::vector<std::size_t> migrate(const Communicator& ranks, Particles& particles, std::span<const int> owner,
                                 int threads);

/// Some columns of particles for other ranks, each rank's in the order of rows; nothing for this one. Local.
/// @param owner  rank that each owned particle goes to, shape (owned)
std::vector<std::vector<std::byte>> records_to_send(const Communicator& ranks, const Particles& particles,
                                                    const ParticleRecord& record, std::span<const int> owner,
                                                    int threads);

/// A particle that is gathered: on this rank, or in a record that came from another.
class GatheredParticle {
public:
  GatheredParticle(const Particles& particles, std::size_t row) : particles_(&particles), row_(row) {}
  GatheredParticle(const ParticleRecord& layout, const std::byte* record)
      : layout_(&layout), record_(record) {}

  /// @pre the column is gathered
  template <std::size_t count, class Number>
  std::array<Number, count> numbers(Column<Number> column) const {
    return particles_ != nullptr ? particles_->numbers<count>(column, row_)
                                 : layout_->numbers<count>(column, record_);
  }

private:
  const Particles* particles_ = nullptr;
  std::size_t row_ = 0;
  const ParticleRecord* layout_ = nullptr;
  const std::byte* record_ = nullptr;
};

/// Brings some columns of all particles into the order of their global indices, each rank's even part to that
/// rank. The particles themselves stay where they are. Collective.
/// @param columns  that are brought, by their places in the container; `index` is one of them
/// @param index    global index, one for each particle
/// @param take     called as take(row, GatheredParticle) once for each row of this rank's part that there is
///                 a particle of, on all threads
/// @return the lowest index in this rank's part that is not there once; -1: all are
template <class Take>
std::int64_t gather_by_index(const Communicator& ranks, const Particles& particles,
                             std::span<const std::size_t> columns, Column<std::int64_t> index,
                             EvenSplit split, int threads, const Take& take) {
  const Range mine = split.part(ranks.rank());
  std::vector<std::atomic<std::uint8_t>> copies(static_cast<std::size_t>(mine.size()));
  const auto take_one = [&](const GatheredParticle& particle) {
    const std::int64_t global = particle.numbers<1>(index)[0];
    if (global < mine.begin || global >= mine.end) return false;
    const auto row = static_cast<std::size_t>(global - mine.begin);
    if (copies[row].fetch_add(1, std::memory_order_relaxed) == 0) take(row, particle);
    return true;
  };
  std::vector<int> owner(ranks.size() == 1 ? 0 : particles.owned(), ranks.rank());
  in_parts(static_cast<std::int64_t>(particles.owned()), threads, [&](int, Range range) {
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row)
      if (!take_one({particles, row}) && ranks.size() > 1)
        owner[row] = split.owner(particles.data(index)[row]);
  });
  if (ranks.size() > 1) {
    const ParticleRecord record = particles.record_of(columns);
    const auto arrived = exchange_items(ranks, records_to_send(ranks, particles, record, owner, threads));
    in_parts(static_cast<std::int64_t>(arrived.size() / record.bytes()), threads, [&](int, Range range) {
      for (auto at = static_cast<std::size_t>(range.begin); at < static_cast<std::size_t>(range.end); ++at)
        take_one({record, arrived.data() + record.bytes() * at});
    });
  }
  const auto wrong = std::find_if(copies.begin(), copies.end(), [](const auto& count) { return count != 1; });
  return wrong == copies.end() ? -1 : mine.begin + (wrong - copies.begin());
}

}  // namespace orrery
