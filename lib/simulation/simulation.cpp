#include "simulation/simulation.hpp"

#include <cstring>
#include <span>
#include <utility>

#include "core/even_split.hpp"
#include "simulation/dynamics.hpp"
#include "sources/scatter.hpp"

namespace orrery {
namespace {

std::string unit_of(const Field& field, const UnitNames& units) {
  switch (field.dimension) {
    case Dimension::length:
      return units.length;
    case Dimension::velocity:
      return units.velocity();
    case Dimension::number:
      break;
  }
  return "";
}

/// Columns of `count` rows, to be filled.
std::vector<ParticleColumn> empty_columns(const std::vector<Field>& fields, std::size_t count,
                                          const UnitNames& units) {
  std::vector<ParticleColumn> columns;
  columns.reserve(fields.size());
  for (const Field& field : fields) {
    columns.push_back({.name = field.name,
                       .type = field.type,
                       .components = field.components,
                       .unit = unit_of(field, units),
                       .bytes = std::vector<std::byte>(count * field.row_bytes())});
  }
  return columns;
}

std::vector<std::byte*> places_of(std::vector<ParticleColumn>& columns) {
  std::vector<std::byte*> places;
  places.reserve(columns.size());
  for (auto& column : columns) places.push_back(column.bytes.data());
  return places;
}

}  // namespace

Simulation::Simulation(const Communicator& ranks, const SimulationOptions& options,
                       std::unique_ptr<Bookkeeping> own, Bookkeeping* books)
    : ranks_(ranks.duplicate()),
      options_(options),
      own_books_(std::move(own)),
      books_(books != nullptr ? *books : *own_books_),
      prepared_([this] {
        const auto timing = books_.clock.in(Phase::read);
        return prepare_run(options_, ranks_);
      }()) {}

Simulation::Simulation(const Communicator& ranks, const SimulationOptions& options, Bookkeeping& books)
    : Simulation(ranks, options, nullptr, &books) {}

Simulation::Simulation(const Communicator& ranks, const SimulationOptions& options)
    : Simulation(ranks, options, std::make_unique<Bookkeeping>(), nullptr) {}

Simulation::~Simulation() = default;

/// Does what needs prepared particles; after a failure there are none to go on with.
template <class Work>
auto Simulation::carefully(const Work& work) {
  ensure(!is_over_, "a simulation that failed is not asked to go on");
  try {
    prepare();
    return work();
  } catch (...) {
    is_over_ = true;
    throw;
  }
}

void Simulation::prepare() {
  if (evolution_) return;
  ensure(!is_over_, "a simulation that failed is not asked to go on");
  is_over_ = true;  // until all went well
  particles_.emplace(scatter(prepared_.source, prepared_.shape, ranks_, books_));
  auto evolution = dynamics_of(options_).make({.ranks = ranks_,
                                               .options = options_,
                                               .prepared = prepared_,
                                               .particles = *particles_,
                                               .books = books_});
  {
    const auto waiting = books_.clock.in(Phase::wait);
    const auto starting = books_.clock.in(Phase::other);
    evolution->begin();
    if (prepared_.plan.steps > 0) evolution->check_first_step();
  }
  evolution_ = std::move(evolution);
  is_over_ = false;
}

Advance Simulation::advance_to(std::int64_t step, const Meanwhile& meanwhile) {
  ensure(step >= step_ && step <= last_step(), "a simulation goes on to a step of its run");
  return carefully([&] {
    const auto timing = books_.clock.in(Phase::evolve);
    const Advance reached = evolution_->evolve({step_, step}, stop_, [&](double fraction_done) {
      if (meanwhile) meanwhile(fraction_done);
    });
    if (reached.stopped) stop_.withdraw();
    step_ = reached.step;
    return reached;
  });
}

FrameHeader Simulation::measure(const Meanwhile& meanwhile) {
  return carefully([&] {
    const auto timing = books_.clock.in(Phase::gather);
    return FrameHeader{.step = step_,
                       .time = static_cast<double>(step_) * prepared_.plan.step,
                       .diagnostics = evolution_->measure(step_, [&](double fraction_done) {
                         if (meanwhile) meanwhile(fraction_done);
                       })};
  });
}

ParticleColumns Simulation::columns() {
  return carefully([&] {
    const ImagesInFile images =
        options_.output.images == ImagesInFile::none ? ImagesInFile::none : ImagesInFile::image;
    evolution_->prepare_frame(images);
    return ranks_.apply([&] {
      const Range mine = EvenSplit(prepared_.plan.particles, ranks_.size()).part(ranks_.rank());
      const Range rows{0, mine.size()};
      const auto count = static_cast<std::size_t>(mine.size());
      const FrameLayout fields = layout(Precision::float64, images);
      ParticleColumns found{
          .step = step_, .rows = mine, .columns = empty_columns(fields.constant, count, prepared_.units)};
      auto moving = empty_columns(fields.per_frame, count, prepared_.units);
      evolution_->pack_constant(rows, places_of(found.columns));
      evolution_->hold(step_, true, ElementType::float64)(rows, places_of(moving));
      for (auto& column : moving) found.columns.push_back(std::move(column));
      return found;
    });
  });
}

FrameLayout Simulation::layout(Precision precision, ImagesInFile images) const {
  return layout_of(options_.law(), precision, dynamics_of(options_).tells_species(options_), images);
}

BoxInFile Simulation::box() {
  return carefully([&] { return evolution_->box(); });
}

std::vector<std::pair<std::string, std::int64_t>> Simulation::count_forms() {
  return carefully([&] {
    const auto timing = books_.clock.in(Phase::other);
    return evolution_->count_forms();
  });
}

}  // namespace orrery
