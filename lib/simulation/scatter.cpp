#include "simulation/scatter.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/even_split.hpp"
#include "io/open_source.hpp"
#include "particles/uniform_source.hpp"

namespace orrery {
namespace {

/// Rows that are read, sent and received at a time.
constexpr std::int64_t rows_at_a_time = 1 << 16;

/// Places rows into a rank's columns, from row `at` on.
void place(const ParticleRows& rows, std::size_t at, ParticleStore& particles) {
  for (int axis = 0; axis < particles.axes(); ++axis) {
    const auto& from = rows.position[static_cast<std::size_t>(axis)];
    std::copy(from.begin(), from.end(), particles.initial(axis).begin() + static_cast<std::ptrdiff_t>(at));
  }
  for (int column = 0; column < particles.parameters(); ++column) {
    const auto& from = rows.parameter[static_cast<std::size_t>(column)];
    std::copy(from.begin(), from.end(),
              particles.parameter(column).begin() + static_cast<std::ptrdiff_t>(at));
  }
}

/// Rows that are made at a time: few enough to be in cache when they are placed.
constexpr std::int64_t rows_made_at_a_time = 4096;

/// Every rank makes its own particles, on all its threads.
void generate(ParticleSource& source, Range mine, ParticleStore& particles) {
#pragma omp parallel
  {
    ParticleRows rows(particles.axes(), particles.parameters(), 0);
#pragma omp for schedule(static)
    for (std::int64_t first = mine.begin; first < mine.end; first += rows_made_at_a_time) {
      source.read({first, std::min(first + rows_made_at_a_time, mine.end)}, rows);
      place(rows, static_cast<std::size_t>(first - mine.begin), particles);
    }
  }
}

/// The columns of some rows, in the order in which they travel.
std::vector<std::span<std::byte>> columns_of(ParticleRows& rows, bool with_ids) {
  std::vector<std::span<std::byte>> columns;
  for (auto& column : rows.position) columns.push_back(std::as_writable_bytes(std::span(column)));
  for (auto& column : rows.parameter) columns.push_back(std::as_writable_bytes(std::span(column)));
  if (with_ids) columns.push_back(std::as_writable_bytes(std::span(rows.id)));
  return columns;
}

void wait_for(std::vector<Request>& requests, const Communicator& ranks) {
  for (auto& request : requests) ranks.wait_until([&] { return request.done(); });
  requests.clear();
}

}  // namespace

OpenSource open_source(const ParticleOptions& options, const IndependentLaw& law, const Communicator& ranks) {
  OpenSource opened;
  opened.on_every_rank = options.source == SourceKind::uniform;
  ranks.apply([&] {
    if (opened.on_every_rank) {
      std::vector<std::string> parameters;
      for (const auto& column : law.parameters()) parameters.push_back(column.name);
      opened.source = std::make_unique<UniformSource>(options, parameters);
    } else if (ranks.is_root()) {
      opened.source = open_file_source(options, law);
    }
    if (opened.source) {
      opened.count = opened.source->count();
      opened.consecutive_ids = opened.source->consecutive_ids();
    }
  });
  ranks.push(opened.count);
  ranks.push(opened.consecutive_ids);
  return opened;
}

ParticleStore scatter(OpenSource& source, const IndependentLaw& law, const Communicator& ranks,
                      PhaseClock& clock) {
  const EvenSplit split(source.count, ranks.size());
  const Range mine = split.part(ranks.rank());
  const int parameters = static_cast<int>(law.parameters().size());
  ParticleStore particles = ranks.apply(
      [&] { return ParticleStore(law.dimensions(), parameters, static_cast<std::size_t>(mine.size())); });

  if (source.on_every_rank) {
    const auto timing = clock.in(Phase::read);
    ranks.apply([&] { generate(*source.source, mine, particles); });
    particles.set_ids(
        IdColumn::consecutive(ParticleId{static_cast<std::uint64_t>(mine.begin)}, particles.size()));
    return particles;
  }

  const auto timing = clock.in(Phase::scatter);
  const bool send_ids = !source.consecutive_ids;
  std::uint64_t first_id = 0;
  std::vector<ParticleId> ids;
  ranks.apply([&] {
    if (send_ids) ids.reserve(particles.size());
    // Two sets of rows in turn: one travels while the next is read.
    std::array<ParticleRows, 2> rows{ParticleRows(law.dimensions(), parameters, 0),
                                     ParticleRows(law.dimensions(), parameters, 0)};
    std::array<std::vector<Request>, 2> sends;
    std::size_t turn = 0;
    const auto keep = [&](const ParticleRows& slice, std::int64_t first) {
      place(slice, static_cast<std::size_t>(first - mine.begin), particles);
      if (send_ids) ids.insert(ids.end(), slice.id.begin(), slice.id.end());
    };

    for (int owner = 0; owner < ranks.size(); ++owner) {
      if (!ranks.is_root() && owner != ranks.rank()) continue;
      const Range part = split.part(owner);
      for (std::int64_t first = part.begin; first < part.end; first += rows_at_a_time, turn = 1 - turn) {
        const Range slice{first, std::min(first + rows_at_a_time, part.end)};
        ParticleRows& now = rows[turn];
        if (!ranks.is_root()) {
          now.resize(static_cast<std::size_t>(slice.size()));
          std::vector<Request> receives;
          for (const auto column : columns_of(now, send_ids))
            receives.push_back(ranks.start_receive(column, 0, Tag::particles));
          wait_for(receives, ranks);
          keep(now, first);
          continue;
        }
        wait_for(sends[turn], ranks);
        {
          const auto reading = clock.in(Phase::read);
          source.source->read(slice, now);
        }
        if (first == 0) first_id = number(now.id.front());
        if (owner == ranks.rank()) {
          keep(now, first);
        } else {
          for (const auto column : columns_of(now, send_ids))
            sends[turn].push_back(ranks.start_send(column, owner, Tag::particles));
        }
      }
    }
    for (auto& pending : sends) wait_for(pending, ranks);
  });
  ranks.push(first_id);
  particles.set_ids(send_ids
                        ? IdColumn::listed(std::move(ids))
                        : IdColumn::consecutive(ParticleId{first_id + static_cast<std::uint64_t>(mine.begin)},
                                                particles.size()));
  return particles;
}

}  // namespace orrery
