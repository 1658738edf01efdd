#include "simulation/interacting_evolution.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "comm/exact_total.hpp"
#include "core/in_parts.hpp"
#include "core/stopwatch.hpp"
#include "output/sample_rows.hpp"
#include "particles/initial_velocities.hpp"
#include "simulation/start_momentum.hpp"

namespace orrery {
namespace {

/// Between two looks at what else there is to do [s].
constexpr double look_interval = 1e-3;

}  // namespace

InteractingEvolution::InteractingEvolution(const Communicator& ranks, const NewtonianLaw& law, const Box& box,
                                           const MotionSettings& settings, const SpeciesOptions& species,
                                           ParticleStore& particles, std::int64_t particle_count,
                                           const ParticleOptions& start, bool brings_velocities,
                                           Bookkeeping& books)
    : ranks_(ranks),
      particles_(particles),
      particle_count_(particle_count),
      axes_(box.axes),
      boundary_(box.boundary),
      step_(settings.step),
      species_(species),
      start_(start),
      brings_species_(particles.parameters() > box.axes),
      brings_velocities_(brings_velocities && particles.parameters() > 0),
      books_(books),
      motion_(ranks, law, box, settings, particle_count) {
  for (int axis = 0; axis < std::min(axes_, particles.parameters()); ++axis)
    brought_.push_back(law.parameters()[static_cast<std::size_t>(axis)].name);
  if (!species_.is_mixture()) return;
  if (!brings_species_) mixture_.emplace(start_.seed, particle_count_, species_.shares());
  species_of_row_ = initial_species();
  books_.memory.note("species", species_of_row_.capacity() * sizeof(std::int32_t));
}

std::vector<std::int32_t> InteractingEvolution::initial_species() const {
  std::vector<std::int32_t> species(particles_.size());
  in_parts(std::ssize(species), omp_get_max_threads(), [&](int, Range range) {
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      species[row] = brings_species_ ? static_cast<std::int32_t>(particles_.parameter(axes_)[row])
                                     : mixture_->place_of(particles_.ids()[row]).species;
    }
  });
  return species;
}

BoxInFile InteractingEvolution::box() const {
  BoxInFile box;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis) {
    box.lengths[axis] = motion_.box().lengths[axis];
    box.is_periodic[axis] = motion_.box().boundary[axis] == Boundary::periodic;
    box.origin[axis] = motion_.box().origin[axis];
    box.ends.push_back(name_of(motion_.box().boundary[axis]));
  }
  // Readers that take every box for a periodic one then find no images above and below the plane.
  if (axes_ == 2) box.lengths[2] = std::max(box.lengths[0], box.lengths[1]);
  return box;
}

RowsById InteractingEvolution::initial_rows() const {
  RowsById rows;
  rows.species = species_of_row_;
  rows.names.resize(particles_.size());
  for (std::size_t row = 0; row < rows.names.size(); ++row) rows.names[row] = particles_.ids()[row];
  rows.position.resize(3);
  rows.velocity.resize(3);
  const std::size_t count = particles_.size();
  for (std::size_t axis = 0; axis < 3; ++axis) {
    rows.position[axis].assign(count, 0.0);
    rows.velocity[axis].assign(count, 0.0);
    if (axis >= static_cast<std::size_t>(axes_)) continue;
    const int index = static_cast<int>(axis);
    const auto from = particles_.initial(index);
    // Places on a lattice and at random are counted from the box's corner.
    const bool is_from_zero = start_.source == SourceKind::file || start_.source == SourceKind::uniform;
    const double origin = is_from_zero ? motion_.box().origin[axis] : 0.0;
    for (std::size_t row = 0; row < count; ++row) rows.position[axis][row] = from[row] - origin;
    if (index < particles_.parameters())
      std::copy_n(particles_.parameter(index).begin(), count, rows.velocity[axis].begin());
  }
  return rows;
}

/// Draws displacements per step, on their grid, so that their sum stays exactly zero where there are no
/// walls. Collective.
void InteractingEvolution::draw_velocities(RowsById& rows) const {
  std::vector<ParticleId> ids(particles_.size());
  // Those of a file can be any; places in their order count up from 0.
  const Range mine = EvenSplit(particle_count_, ranks_.size()).part(ranks_.rank());
  for (std::size_t row = 0; row < ids.size(); ++row)
    ids[row] = ParticleId{static_cast<std::uint64_t>(mine.begin) + row};
  std::vector<std::span<double>> columns;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis)
    columns.emplace_back(rows.velocity[axis]);
  const int grid_bits = motion_.displacement_bits();
  const AxisSet fields = motion_.field_axes();
  InitialVelocities draw = mixture_
                               ? InitialVelocities(start_.seed, particle_count_, ids, std::move(columns),
                                                   grid_bits, *mixture_, species_.mass, boundary_, fields)
                               : InitialVelocities(start_.seed, particle_count_, ids, std::move(columns),
                                                   grid_bits, boundary_, fields);
  const double mass = mixture_ ? 1.0 : species_.mass.front();
  draw.draw();
  draw.remove_mean(sum_over(ranks_, draw.momentum()));
  const ExactSum kinetic = sum_over(ranks_, draw.kinetic());
  ranks_.apply([&] { draw.scale(kinetic, start_.temperature * step_ * step_, mass); });
  draw.remove_remainder(sum_over(ranks_, draw.momentum()));
  for (auto& column : rows.velocity)
    for (double& velocity : column) velocity /= step_;
}

bool InteractingEvolution::keeps_energy() const {
  return motion_.keeps_energy();
}

/// A failure of the motion, which knows particles by their global indices, with their ids. Collective.
CollectiveError InteractingEvolution::with_ids(const CollectiveError& failure) const {
  const EvenSplit split(particle_count_, ranks_.size());
  std::vector<RankFailure> failures = failure.failures();
  for (RankFailure& each : failures) {
    if (!each.facts) continue;
    for (std::size_t which = 0; which < each.facts->particles.size(); ++which) {
      const std::int64_t index = each.facts->particles[which];
      if (index < 0) continue;
      const int owner = split.owner(index);
      std::uint64_t id = 0;
      if (owner == ranks_.rank())
        id = number(particles_.ids()[static_cast<std::size_t>(index - split.part(owner).begin)]);
      ranks_.push(id, owner);
      each.facts->ids[which] = id;
    }
    each.facts->has_ids = true;
    each.message = with_names(std::move(each.message), *each.facts);
  }
  return {std::move(failures), ranks_.size()};
}

template <class Motion>
auto InteractingEvolution::naming_particles(const Motion& motion) const {
  try {
    return motion();
  } catch (const CollectiveError& failure) {
    throw with_ids(failure);
  }
}

void InteractingEvolution::begin() {
  RowsById rows = ranks_.apply([&] { return initial_rows(); });
  if (!brings_velocities_ && start_.temperature > 0.0) draw_velocities(rows);
  if (start_.momentum == StartMomentum::zero)
    remove_momentum(ranks_, rows, axes_, species_.mass, step_, motion_.displacement_bits());
  for (const char* gone : {"initial", "state"}) books_.memory.note(gone, 0);
  for (const std::string& name : brought_) books_.memory.note(name, 0);
  particles_.keep_ids_only();
  naming_particles([&] { motion_.begin(rows); });
  books_.memory.note(motion_.has_pairs() ? "pairs" : "motion", motion_.bytes());
}

void InteractingEvolution::check_first_step() {
  naming_particles([&] { motion_.check_first_step(); });
}

Advance InteractingEvolution::evolve(Range steps, const StopRequest& stop, const Meanwhile& meanwhile) {
  Stopwatch since_look;
  const Advance reached = naming_particles([&] {
    const auto look = [&](std::int64_t step) {
      if (since_look.seconds() < look_interval) return;
      meanwhile(static_cast<double>(step - steps.begin) / static_cast<double>(steps.size()));
      since_look.restart();
    };
    return motion_.evolve(steps, look, &stop);
  });
  books_.memory.note(motion_.has_pairs() ? "pairs" : "motion", motion_.bytes());
  return reached;
}

/// Puts positions where they would be without a box: a multiple of the grid's unit, and so exact, up to 2^53
/// units.
void InteractingEvolution::unwrap(RowsById& rows) const {
  const Box& box = motion_.box();
#pragma omp parallel for schedule(static)
  for (std::size_t row = 0; row < rows.image.size(); ++row)
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis)
      rows.position[axis][row] += static_cast<double>(rows.image[row][axis]) * box.lengths[axis];
}

/// Counts coordinates from 0 instead of from the box's corner: exactly, as both are on one grid. Local.
void InteractingEvolution::add_origin(RowsById& rows, std::size_t axis) const {
  const Box& box = motion_.box();
  const double origin = box.origin[axis], end = origin + box.lengths[axis];
  if (origin == 0.0) return;
  for (double& x : rows.position[axis]) {
    x += origin;
    // A rest may have been rounded up.
    if (box.boundary[axis] == Boundary::periodic && x >= end) x = origin;
  }
}

void InteractingEvolution::prepare_frame(ImagesInFile images) {
  next_.images = images;
  RowsById& rows = next_.rows;
  rows = naming_particles([&] { return motion_.rows_by_id(); });
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes_); ++axis) add_origin(rows, axis);
  if (images != ImagesInFile::none) rows.image = motion_.images_by_id();
  if (images == ImagesInFile::unwrapped) unwrap(rows);
  std::size_t bytes = bytes_of(rows.position) + bytes_of(rows.velocity);
  if (const auto held = held_.lock()) bytes += bytes_of(held->rows.position) + bytes_of(held->rows.velocity);
  books_.memory.note("frames", bytes);
}

std::vector<double> InteractingEvolution::measure(std::int64_t, const Meanwhile&) {
  const MotionMeasures found = motion_.measure();
  const auto magnitude = [](const std::array<double, 3>& v) {
    return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  };
  // In the order of `NewtonianDiagnostic`.
  std::vector<double> values{found.kinetic_energy,
                             found.potential_energy,
                             found.kinetic_energy + found.potential_energy + found.field_energy,
                             found.temperature,
                             found.pressure,
                             magnitude(found.momentum),
                             magnitude(found.angular_momentum)};
  if (motion_.has_fields()) values.push_back(found.field_energy);
  return values;
}

std::vector<std::pair<std::string, double>> InteractingEvolution::times() const {
  const MotionTimes& times = motion_.times();
  std::vector<std::pair<std::string, double>> parts;
  if (motion_.has_pairs()) {
    parts = {{"pairs", times.pairs},
             {"lists", times.lists},
             {"exchange", times.exchange},
             {"integrate", times.integrate}};
  } else {
    parts = {{"integrate", times.integrate}, {"exchange", times.exchange + times.lists}};
  }
  if (motion_.has_fields()) parts.emplace_back("fields", times.fields);
  return parts;
}

std::vector<std::pair<std::string, std::int64_t>> InteractingEvolution::counts() const {
  if (!motion_.has_pairs()) return {};
  const MotionTimes& times = motion_.times();
  std::vector<std::pair<std::string, std::int64_t>> counts{{"lists built", times.lists_built}};
  if (ranks_.size() > 1) counts.emplace_back("borders moved", times.borders_moved);
  return counts;
}

std::optional<Traffic> InteractingEvolution::traffic() const {
  const ExchangeCounts& mine = motion_.exchanged();
  if (mine.exchanges == 0) return std::nullopt;  // without pairs
  std::array<std::int64_t, 4> sums{mine.peers, mine.messages, mine.bytes, mine.ghosts};
  ranks_.sum(sums);
  const double exchanges = static_cast<double>(std::max<std::int64_t>(mine.exchanges, 1));
  const double of_ranks = exchanges * ranks_.size();
  const double of_particles = exchanges * static_cast<double>(std::max<std::int64_t>(particle_count_, 1));
  return Traffic{.peers = static_cast<double>(sums[0]) / of_ranks,
                 .messages_per_step = static_cast<double>(sums[1]) / of_ranks,
                 .bytes_per_step = static_cast<double>(sums[2]) / of_ranks,
                 .ghosts_per_particle = static_cast<double>(sums[3]) / of_particles};
}

void InteractingEvolution::pack_constant(Range rows, std::span<std::byte* const> fields) const {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const auto id = static_cast<std::int64_t>(number(particles_.ids()[static_cast<std::size_t>(row)]));
    const auto at = static_cast<std::size_t>(row - rows.begin);
    std::memcpy(fields[0] + at * sizeof(id), &id, sizeof(id));
    if (species_of_row_.empty()) continue;
    const std::int32_t species = species_of_row_[static_cast<std::size_t>(row)];
    const double mass = species_.mass[static_cast<std::size_t>(species)];
    std::memcpy(fields[1] + at * sizeof(species), &species, sizeof(species));
    std::memcpy(fields[2] + at * sizeof(mass), &mass, sizeof(mass));
  }
}

FrameGather::Pack InteractingEvolution::hold(std::int64_t step, bool, ElementType type) {
  const auto frame = std::make_shared<Frame>(std::move(next_));
  held_ = frame;
  return [this, frame, step, type](Range rows, std::span<std::byte* const> fields) {
    pack_frame(*frame, step, type, rows, fields);
  };
}

void InteractingEvolution::pack_frame(Frame& frame, std::int64_t step, ElementType type, Range rows,
                                      std::span<std::byte* const> fields) const {
  RowsById& held = frame.rows;
  Sample sample;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    sample.position[axis] = held.position[axis].data();
    sample.velocity[axis] = held.velocity[axis].data();
  }
  const auto begin = static_cast<std::size_t>(rows.begin), count = static_cast<std::size_t>(rows.size());
  if (write_sample(sample, begin, count, type, {fields[0], fields[1]})) {
    if (type == ElementType::float32 && frame.images != ImagesInFile::unwrapped)
      keep_within(single_bounds(motion_.box()), count, fields[0]);
    if (frame.images == ImagesInFile::image)
      std::memcpy(fields[2], held.image.data() + begin, count * sizeof(ImageNumbers));
    return;
  }
  const std::size_t row = first_beyond_range(count, type, fields);
  throw beyond_range(particles_.ids()[begin + row], step, type);
}

}  // namespace orrery
