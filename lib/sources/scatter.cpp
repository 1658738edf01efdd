#include "sources/scatter.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/even_split.hpp"
#include "core/first_failure.hpp"
#include "core/number_text.hpp"
#include "io/open_source.hpp"
#include "particles/lattice_source.hpp"
#include "particles/random_source.hpp"
#include "particles/uniform_source.hpp"
#include "sources/sort_by_id.hpp"

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
/// @return bytes of the rows that were on their way
std::size_t generate(ParticleSource& source, Range mine, ParticleStore& particles, const ThreadWatch& watch) {
  std::size_t bytes = 0;
  FirstFailure failure;
#pragma omp parallel reduction(+ : bytes)
  {
    const ShareTimer share(watch, omp_get_thread_num());
    std::optional<ParticleRows> rows;
    failure.carry([&] { rows.emplace(particles.axes(), particles.parameters(), 0); });
#pragma omp for schedule(static) nowait
    for (std::int64_t first = mine.begin; first < mine.end; first += rows_made_at_a_time) {
      if (failure.happened()) continue;
      failure.carry([&] {
        source.read({first, std::min(first + rows_made_at_a_time, mine.end)}, *rows);
        place(*rows, static_cast<std::size_t>(first - mine.begin), particles);
      });
    }
    if (rows) bytes += rows->bytes();
  }
  failure.rethrow();
  return bytes;
}

/// Notes the columns that are filled from the start. Untouched, as the state is, a column takes no memory
/// yet.
void note_columns(const ParticleStore& particles, const ParticleShape& shape, MemoryLedger& memory) {
  memory.note("initial", particles.initial_bytes());
  memory.note("state", 0);
  for (int column = 0; column < particles.parameters(); ++column)
    memory.note(shape.parameters[static_cast<std::size_t>(column)].name, particles.parameter_bytes(column));
  memory.note("ids", particles.ids().bytes());
}

/// Copies rows behind others.
void copy_rows(const ParticleRows& rows, std::size_t at, ParticleRows& to) {
  const auto copy = [at](const auto& from, auto& column) {
    std::copy(from.begin(), from.end(), column.begin() + static_cast<std::ptrdiff_t>(at));
  };
  copy(rows.id, to.id);
  for (std::size_t axis = 0; axis < rows.position.size(); ++axis)
    copy(rows.position[axis], to.position[axis]);
  for (std::size_t column = 0; column < rows.parameter.size(); ++column)
    copy(rows.parameter[column], to.parameter[column]);
}

/// Collective.
[[noreturn]] void refuse_duplicate(const Communicator& ranks, const OpenSource& source,
                                   const DuplicateId& duplicate) {
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    throw Error(ExitCode::input_data, source.source->file() + ": id " + std::to_string(duplicate.id) +
                                          " is duplicated, at " + source.source->place_of(duplicate.first) +
                                          " and " + source.source->place_of(duplicate.second) +
                                          "; every particle needs an id of its own");
  });
  throw Error(ExitCode::internal, "the root has not refused a duplicated id");
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

/// Reads a file on the root, slice by slice, and gives every rank its even part. Collective in all but name:
/// local calls in which every rank takes part.
/// @param keep   called with each slice of this rank's part and its first row
/// @param clock  charged for reading
/// @return bytes of the slices on their way
template <class Keep>
std::size_t deal_out(OpenSource& source, const ParticleShape& shape, const Communicator& ranks, bool send_ids,
                     PhaseClock& clock, const Keep& keep) {
  const EvenSplit split(source.count, ranks.size());
  const int parameters = static_cast<int>(shape.parameters.size());
  // Two sets of rows in turn: one travels while the next is read.
  const std::array rows{std::make_shared<ParticleRows>(shape.axes, parameters, 0),
                        std::make_shared<ParticleRows>(shape.axes, parameters, 0)};
  std::array<std::vector<Request>, 2> sends;
  std::size_t turn = 0;
  for (int owner = 0; owner < ranks.size(); ++owner) {
    if (!ranks.is_root() && owner != ranks.rank()) continue;
    const Range part = split.part(owner);
    for (std::int64_t first = part.begin; first < part.end; first += rows_at_a_time, turn = 1 - turn) {
      const Range slice{first, std::min(first + rows_at_a_time, part.end)};
      ParticleRows& now = *rows[turn];
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
      if (owner == ranks.rank()) {
        keep(now, first);
      } else {
        for (const auto column : columns_of(now, send_ids))
          sends[turn].push_back(ranks.start_send(column, owner, Tag::particles, rows[turn]));
      }
    }
  }
  for (auto& pending : sends) wait_for(pending, ranks);
  return rows[0]->bytes() + rows[1]->bytes();
}

/// Reads a file whose ids do not ascend, and sorts it over the ranks. Collective.
void sort_file(OpenSource& source, const ParticleShape& shape, const Communicator& ranks) {
  const EvenSplit split(source.count, ranks.size());
  const Range mine = split.part(ranks.rank());
  PhaseClock clock;
  ParticleRows rows = ranks.apply([&] {
    ParticleRows unsorted(shape.axes, static_cast<int>(shape.parameters.size()),
                          static_cast<std::size_t>(mine.size()));
    deal_out(source, shape, ranks, true, clock, [&](const ParticleRows& slice, std::int64_t first) {
      copy_rows(slice, static_cast<std::size_t>(first - mine.begin), unsorted);
    });
    return unsorted;
  });
  std::optional<DuplicateId> duplicate;
  SortedRows sorted = sort_by_id(ranks, split, std::move(rows), duplicate);
  if (duplicate) refuse_duplicate(ranks, source, *duplicate);
  source.consecutive_ids = sorted.consecutive_ids;
  source.sorting_bytes = sorted.bytes;
  source.sorted = std::move(sorted.rows);
}

}  // namespace

OpenSource open_source(const ParticleOptions& options, const ParticleShape& shape,
                       const std::optional<Box>& box, const Communicator& ranks) {
  OpenSource opened;
  bool is_sorted = true;
  opened.on_every_rank = options.source == SourceKind::uniform || options.source == SourceKind::lattice;
  ranks.apply([&] {
    if (!opened.on_every_rank && !ranks.is_root()) return;
    switch (options.source) {
      case SourceKind::uniform: {
        std::vector<std::string> parameters;
        for (const auto& column : shape.parameters) parameters.push_back(column.name);
        opened.source = std::make_unique<UniformSource>(options, parameters);
        break;
      }
      case SourceKind::lattice:
        opened.source = std::make_unique<LatticeSource>(options, box.value());
        break;
      case SourceKind::random:
        opened.source = std::make_unique<RandomSource>(options, box.value());
        break;
      case SourceKind::file:
        opened.source = open_file_source(options, shape.axes, shape.parameters);
        break;
    }
    if (options.source == SourceKind::file) {
      opened.tells_velocities = opened.source->start().tells_velocities;
      if (opened.tells_velocities && options.temperature > 0.0) {
        throw Error(
            ExitCode::configuration,
            "particles.temperature is " + to_text(options.temperature) + ", but '" + options.file +
                "' has velocities (they would be lost); leave particles.temperature out, or the velocities");
      }
    }
    if (!opened.tells_velocities && options.temperature > 0.0 && !shape.parameters.empty() &&
        shape.parameters.back().name == "species") {
      throw Error(
          ExitCode::configuration,
          "particles.temperature is " + to_text(options.temperature) +
              ", but velocities of species that come from a file are not drawn; leave it out, and bring the "
              "particles to a temperature by a thermostat");
    }
    if (opened.source) {
      opened.count = opened.source->count();
      opened.consecutive_ids = opened.source->consecutive_ids();
      is_sorted = opened.source->is_sorted();
      opened.start = opened.source->start();
    }
  });
  ranks.push(opened.count);
  ranks.push(opened.consecutive_ids);
  ranks.push(opened.tells_velocities);
  ranks.push(is_sorted);
  if (!is_sorted) sort_file(opened, shape, ranks);
  return opened;
}

ParticleStore scatter(OpenSource& source, const ParticleShape& shape, const Communicator& ranks,
                      Bookkeeping& books) {
  const EvenSplit split(source.count, ranks.size());
  const Range mine = split.part(ranks.rank());
  const int parameters = static_cast<int>(shape.parameters.size());
  // Over by now, but it may have been what took most.
  if (source.sorted)
    for (const std::size_t bytes : {source.sorting_bytes, std::size_t{0}})
      books.memory.note("sorting", bytes);
  ParticleStore particles = ranks.apply(
      [&] { return ParticleStore(shape.axes, parameters, static_cast<std::size_t>(mine.size())); });

  note_columns(particles, shape, books.memory);
  books.memory.note("source", source.sorted   ? source.sorted->bytes()
                              : source.source ? source.source->bytes()
                                              : 0);
  const auto give_up_source = [&] {
    source.source.reset();
    source.sorted.reset();
    for (const char* gone : {"source", "slices"}) books.memory.note(gone, 0);
  };

  if (source.on_every_rank) {
    const auto timing = books.clock.in(Phase::read);
    const auto slices = ranks.apply(
        [&] { return generate(*source.source, mine, particles, books.timeline.workers(Phase::read)); });
    books.memory.note("slices", slices);
    give_up_source();
    particles.set_ids(
        IdColumn::consecutive(ParticleId{static_cast<std::uint64_t>(mine.begin)}, particles.size()));
    return particles;
  }

  const auto timing = books.clock.in(Phase::scatter);
  const bool send_ids = !source.consecutive_ids;
  std::uint64_t first_id = 0;
  std::vector<ParticleId> ids;
  ranks.apply([&] {
    if (source.sorted) {
      place(*source.sorted, 0, particles);
      ids = std::move(source.sorted->id);
      if (!ids.empty()) first_id = number(ids.front());
      return;
    }
    if (send_ids) ids.reserve(particles.size());
    const std::size_t bytes = deal_out(
        source, shape, ranks, send_ids, books.clock, [&](const ParticleRows& slice, std::int64_t first) {
          if (first == 0) first_id = number(slice.id.front());
          place(slice, static_cast<std::size_t>(first - mine.begin), particles);
          if (send_ids) ids.insert(ids.end(), slice.id.begin(), slice.id.end());
        });
    books.memory.note("slices", bytes);
  });
  books.memory.note("ids", send_ids ? ids.capacity() * sizeof(ParticleId) : 0);
  give_up_source();
  ranks.push(first_id);
  particles.set_ids(send_ids
                        ? IdColumn::listed(std::move(ids))
                        : IdColumn::consecutive(ParticleId{first_id + static_cast<std::uint64_t>(mine.begin)},
                                                particles.size()));
  return particles;
}

}  // namespace orrery
