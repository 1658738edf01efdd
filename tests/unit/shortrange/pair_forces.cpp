#include "shortrange/pair_forces.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/even_split.hpp"
#include "core/instruction_set.hpp"
#include "laws/attraction.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"

namespace orrery {
namespace {

using Place = std::array<double, 3>;

double on_grid(double coordinate) {
  return std::round(coordinate * 0x1p40) * 0x1p-40;
}

/// Particles in a periodic box. With `two_of_a_kind`, some are at the same place.
std::vector<Place> random_places(int axes, std::size_t count, double edge, bool two_of_a_kind) {
  std::mt19937_64 random(7);
  std::vector<Place> places(count);
  for (auto& place : places) {
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
      place[axis] = on_grid(edge * static_cast<double>(random() >> 11) * 0x1p-53);
  }
  if (two_of_a_kind) places[1] = places[0];
  return places;
}

/// Particles on a lattice, a little off, so that none are too near for Lennard-Jones.
std::vector<Place> lattice_places(int axes, int sites, double edge) {
  std::mt19937_64 random(9);
  std::vector<Place> places;
  for (int site = 0; site < (axes == 2 ? sites * sites : sites * sites * sites); ++site) {
    const std::array<int, 3> at{site % sites, site / sites % sites, site / sites / sites};
    Place place{};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
      place[axis] = on_grid((at[axis] + 0.5 + 0.3 * (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5)) *
                            edge / sites);
    places.push_back(place);
  }
  return places;
}

/// What a law says of one pair, written down here once more, in the same order of operations, in double and
/// in single precision.
struct PairFunction {
  PairFunction() = default;
  template <class Function>
  PairFunction(const Function& function) : in_double(function), in_single(function) {}
  double operator()(double r2) const { return in_double(r2); }

  std::function<double(double)> in_double;
  std::function<float(float)> in_single;
};

struct Case {
  std::string name;
  std::shared_ptr<PairLaw> law;
  PairFunction force_over_distance;
  PairFunction energy;
  int axes;
  double edge;
  std::vector<Place> places;
  /// What is subtracted from the force over distance of two that part, and by how much places move in a step.
  std::function<double(double r2, double parting)> drag_over_distance{};
  std::function<float(float r2, float parting)> single_drag_over_distance{};
  std::vector<Place> displacements{};
};

/// Steps per unit of time; no power of two, so that its rounding shows.
constexpr double steps_per_time = 300.0;

/// Of places that rush about, on the grid of displacements.
std::vector<Place> random_displacements(int axes, std::size_t count) {
  std::mt19937_64 random(11);
  std::vector<Place> displacements(count);
  for (auto& u : displacements) {
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
      u[axis] = (static_cast<double>(random() >> 11) * 0x1p-53 - 0.5) * 0x1p-6;
  }
  return displacements;
}

std::vector<Case> cases() {
  std::vector<Case> cases;
  const double edge = 7.25;  // whole numbers of all grids
  const LennardJonesOptions cut{.epsilon = 1.25, .sigma = 0.9, .cutoff = 2.2};
  const auto plain = [=]<class T>(T r2) {
    const T q = static_cast<T>(cut.sigma * cut.sigma) / r2, q2 = q * q, q3 = q2 * q;
    const auto prefactor = static_cast<T>(24.0 * cut.epsilon / (cut.sigma * cut.sigma));
    return prefactor * (q2 * q2) * ((q3 + q3) - T{1});
  };
  const auto plain_energy = [=](double r2) {
    const double q3 = std::pow(cut.sigma * cut.sigma / r2, 3);
    return 4.0 * cut.epsilon * (q3 * q3 - q3);
  };
  for (const int axes : {2, 3}) {
    cases.push_back({"lennard-jones", std::make_shared<LennardJonesLaw>(cut), plain, plain_energy, axes, edge,
                     lattice_places(axes, 7, edge)});
    LennardJonesOptions shifted = cut;
    shifted.truncation = LennardJonesTruncation::shifted;
    const double there = plain_energy(cut.cutoff * cut.cutoff);
    cases.push_back({"shifted", std::make_shared<LennardJonesLaw>(shifted), plain,
                     [=](double r2) { return plain_energy(r2) - there; }, axes, edge,
                     lattice_places(axes, 7, edge)});
    LennardJonesOptions smooth = cut;
    smooth.truncation = LennardJonesTruncation::force_shifted;
    const double force_there = LennardJonesLaw(smooth).constants().value[4];
    EXPECT_NEAR(force_there, plain(cut.cutoff * cut.cutoff) * cut.cutoff, 1e-14);
    cases.push_back(
        {"force-shifted", std::make_shared<LennardJonesLaw>(smooth),
         [=]<class T>(T r2) { return plain(r2) - static_cast<T>(force_there) / std::sqrt(r2); },
         [=](double r2) { return plain_energy(r2) - there + (std::sqrt(r2) - cut.cutoff) * force_there; },
         axes, edge, lattice_places(axes, 7, edge)});
    const AttractionOptions pull{.strength = 1.7, .cutoff = 1.9};
    cases.push_back(
        {"attraction", std::make_shared<AttractionLaw>(pull),
         [=]<class T>(T r2) {
           const auto strength = static_cast<T>(pull.strength);
           return r2 > T{0} ? static_cast<T>(pull.strength / pull.cutoff) - strength / std::sqrt(r2) : T{0};
         },
         [=](double r2) {
           return -0.5 * pull.strength * pull.cutoff * std::pow(1.0 - std::sqrt(r2) / pull.cutoff, 2);
         },
         axes, edge, random_places(axes, 300, edge, true)});
    const SoftDiscOptions disc{.stiffness = 80.0, .diameter = 1.3};
    cases.push_back(
        {"soft-disc", std::make_shared<SoftDiscLaw>(disc),
         [=]<class T>(T r2) {
           const auto contact = static_cast<T>(disc.stiffness * disc.diameter);
           return r2 > T{0} ? contact / std::sqrt(r2) - static_cast<T>(disc.stiffness) : T{0};
         },
         [=](double r2) { return 0.5 * disc.stiffness * std::pow(disc.diameter - std::sqrt(r2), 2); }, axes,
         edge, random_places(axes, 300, edge, true)});
    SoftDiscOptions damped = disc;
    damped.damping = 3.7;
    const Case plain_discs = cases.back();
    cases.push_back(
        {"damped soft-disc", std::make_shared<SoftDiscLaw>(damped), plain_discs.force_over_distance,
         plain_discs.energy, axes, edge, plain_discs.places,
         [=](double r2, double parting) { return damped.damping * parting / r2; },
         [=](float r2, float parting) { return static_cast<float>(damped.damping) * parting / r2; },
         random_displacements(axes, plain_discs.places.size())});
  }
  return cases;
}

/// Rows, images and lists of all places.
struct Prepared {
  PairRows rows;
  std::vector<std::size_t> place_of_row;
  std::unique_ptr<NeighbourLists> lists;
  AlignedVector<double> displacement;  ///< of every row, where there are some

  PairVelocities velocities() const {
    return {.displacement = displacement.data(), .steps_per_time = steps_per_time};
  }

  /// Images move as their particles do. @pre rows have all their images
  void set_displacements(const Case& from) {
    displacement.assign(4 * (rows.first_image() + rows.images()), 0.0);
    const std::size_t images_each = rows.images() / rows.owned();
    for (std::size_t row = 0; row < rows.owned(); ++row) {
      const Place& u = from.displacements[place_of_row[row]];
      std::copy(u.begin(), u.end(), displacement.data() + 4 * row);
      for (std::size_t image = 0; image < images_each; ++image)
        std::copy(u.begin(), u.end(),
                  displacement.data() + 4 * (rows.first_image() + images_each * row + image));
    }
  }

  /// @param remote  the share of images that are
  Prepared(const Case& from, const PairForces& forces, double reach, int shares, double remote = 0.0) {
    std::vector<double> unsorted;
    for (const Place& p : from.places) unsorted.insert(unsorted.end(), {p[0], p[1], p[2], 0.0});
    const std::size_t count = from.places.size();
    const CellGrid grid(Bounds::of_rows(unsorted.data(), count), reach, count);
    CellOrder order = order_by_cell(grid, unsorted.data(), count);
    rows.resize_owned(count, static_cast<std::size_t>(shares));
    for (std::size_t row = 0; row < count; ++row) {
      place_of_row.push_back(static_cast<std::size_t>(order.rows[row]));
      std::copy_n(unsorted.data() + 4 * order.rows[row], 4, rows.position(row));
    }
    std::vector<double> images;
    for (std::size_t row = 0; row < count; ++row) {
      for (int image = 0; image < (from.axes == 2 ? 9 : 27); ++image) {
        const std::array<int, 3> times{image % 3 - 1, image / 3 % 3 - 1, from.axes == 2 ? 0 : image / 9 - 1};
        if (times == std::array{0, 0, 0}) continue;
        const double* const p = rows.position(row);
        for (std::size_t axis = 0; axis < 3; ++axis) images.push_back(p[axis] + times[axis] * from.edge);
        images.push_back(0.0);
      }
    }
    const std::size_t image_count = images.size() / 4;
    rows.resize_images(image_count, {}, static_cast<std::size_t>(remote * static_cast<double>(image_count)));
    std::copy(images.begin(), images.end(), rows.position(rows.first_image()));
    if (!from.displacements.empty()) set_displacements(from);
    std::iota(order.rows.begin(), order.rows.end(), 0);
    std::vector<Range> ranges;
    const EvenSplit split(static_cast<std::int64_t>(count), shares);
    for (int share = 0; share < shares; ++share) ranges.push_back(split.part(share));
    lists = std::make_unique<NeighbourLists>(forces.lists());
    lists->build(grid, rows, order, reach, ranges);
  }
};

struct Reference {
  std::vector<std::array<std::int64_t, 3>> force;
  double energy = 0.0;
  double virial = 0.0;
};

/// Calls `visit(i, j, separation)` for every particle with the nearest image of every other.
template <class Visit>
void for_all_pairs(const Case& from, const Visit& visit) {
  for (std::size_t i = 0; i < from.places.size(); ++i) {
    for (std::size_t j = 0; j < from.places.size(); ++j) {
      if (i == j) continue;
      Place d{};
      for (std::size_t axis = 0; axis < static_cast<std::size_t>(from.axes); ++axis) {
        d[axis] = from.places[i][axis] - from.places[j][axis];
        if (d[axis] > 0.5 * from.edge) d[axis] -= from.edge;
        if (d[axis] < -0.5 * from.edge) d[axis] += from.edge;
      }
      visit(i, j, d);
    }
  }
}

template <class T>
T product(const std::array<T, 3>& a, const std::array<T, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Reference all_pairs(const Case& from, const PairForces& forces) {
  Reference found{.force = std::vector<std::array<std::int64_t, 3>>(from.places.size())};
  for_all_pairs(from, [&](std::size_t i, std::size_t j, const Place& d) {
    const double r2 = product(d, d);
    if (!(r2 < forces.cutoff() * forces.cutoff())) return;
    double force_over_distance = from.force_over_distance(r2);
    if (from.drag_over_distance && r2 > 0.0) {
      Place u{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        u[axis] = from.displacements[i][axis] - from.displacements[j][axis];
      force_over_distance -= from.drag_over_distance(r2, steps_per_time * product(u, d));
    }
    const double over = forces.force_unit().scale() * force_over_distance;
    for (std::size_t axis = 0; axis < 3; ++axis) found.force[i][axis] += std::llrint(over * d[axis]);
    found.energy += 0.5 * from.energy(r2);
    found.virial += 0.5 * force_over_distance * r2;
  });
  return found;
}

/// In single precision, with positions on a grid.
Reference all_mixed_pairs(Case from, const PairForces& forces, FixedPoint grid) {
  Reference found{.force = std::vector<std::array<std::int64_t, 3>>(from.places.size())};
  for (Place& place : from.places)
    for (double& coordinate : place) coordinate = std::nearbyint(coordinate * grid.scale());
  from.edge *= grid.scale();
  const auto unit = static_cast<float>(grid.unit());
  const auto scale = static_cast<float>(forces.force_unit().scale() * grid.unit());
  const auto cutoff2 = static_cast<float>(std::pow(forces.cutoff() * grid.scale(), 2));
  const auto velocity = [&](std::size_t particle, std::size_t axis) {
    return static_cast<float>(from.displacements[particle][axis] * steps_per_time);
  };
  for_all_pairs(from, [&](std::size_t i, std::size_t j, const Place& whole) {
    std::array<float, 3> d{};
    for (std::size_t axis = 0; axis < 3; ++axis) d[axis] = static_cast<float>(whole[axis]);
    const float r2 = product(d, d), true_r2 = r2 * (unit * unit);
    if (!(r2 < cutoff2)) return;
    float force_over_distance = from.force_over_distance.in_single(true_r2);
    if (from.single_drag_over_distance && r2 > 0.0F) {
      std::array<float, 3> v{};
      for (std::size_t axis = 0; axis < 3; ++axis) v[axis] = velocity(i, axis) - velocity(j, axis);
      force_over_distance -= from.single_drag_over_distance(true_r2, unit * product(v, d));
    }
    const float over = scale * force_over_distance;
    for (std::size_t axis = 0; axis < 3; ++axis) found.force[i][axis] += std::lrint(over * d[axis]);
  });
  return found;
}

/// Every particle has the force of a reference, and all add up to nothing.
void expect_forces(const PairForces& forces, const Prepared& made, const Reference& expected,
                   const std::string& what) {
  const std::uint64_t bias = forces.force_unit().bias();
  std::array<std::int64_t, 3> sum{};
  std::size_t wrong = 0;
  for (std::size_t row = 0; row < made.rows.owned(); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::int64_t force = unbiased(made.rows.force(row), axis, bias);
      sum[axis] += force;
      if (force != expected.force[made.place_of_row[row]][axis]) ++wrong;
    }
  }
  EXPECT_EQ(wrong, 0U) << what;
  EXPECT_THAT(sum, testing::Each(0)) << what;
}

/// Calls `check(case, set, shares, skin, what)` for all of them, with the instruction set chosen.
template <class Check>
void for_all_settings(const Check& check) {
  for (const Case& each : cases()) {
    for (const std::string& set : available_instruction_sets()) {
      choose_instruction_set(set);
      for (const int shares : {1, 2, 5}) {
        for (const double skin : {0.0, 0.35}) {
          check(each, shares, skin,
                each.name + " in " + std::to_string(each.axes) + " dimensions, " + set + ", " +
                    std::to_string(shares) + " shares, skin " + std::to_string(skin));
        }
      }
    }
  }
  choose_instruction_set("auto");
}

TEST(PairForces, AreThoseOfAllPairsBitForBit) {
  for_all_settings([](const Case& each, int shares, double skin, const std::string& what) {
    PairForces forces(*each.law);
    const Reference expected = all_pairs(each, forces);
    Prepared made(each, forces, forces.cutoff() + skin, shares);
    ASSERT_TRUE(forces.compute(made.rows, *made.lists, made.velocities())) << what;
    expect_forces(forces, made, expected, what);
    const PairTotals totals = forces.compute_totals(made.rows, *made.lists, made.velocities());
    ASSERT_TRUE(totals.in_range) << what;
    expect_forces(forces, made, expected, what);
    const double unit = 0.5 * forces.energy_unit().unit();
    EXPECT_NEAR(static_cast<double>(totals.energy) * unit, expected.energy, 1e-9 * std::abs(expected.energy))
        << what;
    EXPECT_NEAR(static_cast<double>(totals.virial) * unit, expected.virial, 1e-9 * std::abs(expected.virial))
        << what;
  });
}

TEST(PairForces, InSinglePrecisionAreThoseOfAllPairsBitForBit) {
  for_all_settings([](const Case& each, int shares, double skin, const std::string& what) {
    const FixedPoint grid{25};
    PairForces forces(*each.law, grid);
    const Reference expected = all_mixed_pairs(each, forces, grid);
    Prepared made(each, forces, forces.cutoff() + skin, shares);
    ASSERT_TRUE(forces.compute(made.rows, *made.lists, made.velocities())) << what;
    expect_forces(forces, made, expected, what);
    const PairTotals totals = forces.compute_totals(made.rows, *made.lists, made.velocities());
    ASSERT_TRUE(totals.in_range) << what;
    expect_forces(forces, made, expected, what);
    PairForces in_double(*each.law);
    Prepared other(each, in_double, forces.cutoff() + skin, 1);
    const PairTotals same = in_double.compute_totals(other.rows, *other.lists, other.velocities());
    EXPECT_TRUE(totals.energy == same.energy && totals.virial == same.virial) << what;
  });
}

TEST(PairForces, InSinglePrecisionAreThoseInDoubleToSixDigits) {
  for (const Case& each : cases()) {
    PairForces exact(*each.law), rough(*each.law, FixedPoint{25});
    Prepared a(each, exact, exact.cutoff() + 0.3, 1), b(each, rough, exact.cutoff() + 0.3, 1);
    ASSERT_TRUE(exact.compute(a.rows, *a.lists, a.velocities()) &&
                rough.compute(b.rows, *b.lists, b.velocities()));
    double square = 0.0, error = 0.0;
    for (std::size_t row = 0; row < a.rows.owned(); ++row) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double expected =
            exact.force_unit().value(unbiased(a.rows.force(row), axis, exact.force_unit().bias()));
        square += expected * expected;
        error += std::pow(
            rough.force_unit().value(unbiased(b.rows.force(row), axis, rough.force_unit().bias())) - expected,
            2);
      }
    }
    EXPECT_LT(std::sqrt(error / square), 4e-6) << each.name << " in " << each.axes << " dimensions";
    EXPECT_GT(error, 0.0);
  }
}

/// What is computed while images are under way, whose positions are no numbers until they have come.
void expect_the_same_meanwhile(PairForces& forces, Prepared& made, int looks, const std::string& what) {
  const PairTotals expected = forces.compute_totals(made.rows, *made.lists);
  const std::size_t numbers = 4 * made.rows.owned(), remote = 4 * made.rows.remote();
  const std::vector<std::int64_t> expected_forces(made.rows.force(0), made.rows.force(0) + numbers);
  double* const position = made.rows.position(made.rows.first_remote());
  const std::vector<double> positions(position, position + remote);
  for (const PairSums sums : {PairSums::forces, PairSums::forces_and_totals}) {
    std::fill_n(position, remote, std::numeric_limits<double>::quiet_NaN());
    std::fill_n(made.rows.force(0), numbers, std::int64_t{-1});
    int looked = 0, waited = 0;
    const auto come = [&] { std::copy(positions.begin(), positions.end(), position); };
    const auto caller = std::this_thread::get_id();
    const GhostsUnderWay images{.test =
                                    [&] {
                                      EXPECT_EQ(std::this_thread::get_id(), caller);
                                      if (++looked == looks) come();
                                      return looked >= looks;
                                    },
                                .wait_ready =
                                    [&] {
                                      EXPECT_EQ(std::this_thread::get_id(), caller);
                                      EXPECT_LT(looked, looks);
                                      ++waited;
                                      come();
                                    }};
    const PairTotals found = forces.compute_meanwhile(made.rows, *made.lists, sums, images);
    EXPECT_TRUE(found.in_range) << what;
    EXPECT_TRUE(waited == 1 || looked >= looks) << what;
    EXPECT_LE(waited, 1) << what;
    EXPECT_TRUE(std::equal(expected_forces.begin(), expected_forces.end(), made.rows.force(0))) << what;
    if (sums == PairSums::forces) continue;
    EXPECT_TRUE(found.energy == expected.energy && found.virial == expected.virial) << what;
  }
}

TEST(PairForces, AreTheSameWhileImagesAreUnderWay) {
  const double edge = on_grid(14.5);
  const Case discs{"soft-disc",
                   std::make_shared<SoftDiscLaw>(SoftDiscOptions{.stiffness = 80.0, .diameter = 1.3}),
                   {},
                   {},
                   3,
                   edge,
                   random_places(3, 8000, edge, true)};
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    PairForces full(*discs.law), mixed(*discs.law, FixedPoint{25});
    for (PairForces* const forces : {&full, &mixed}) {
      for (const int shares : {1, 2, 5}) {
        for (const double remote : {0.0, 0.1, 1.0}) {
          Prepared made(discs, *forces, forces->cutoff() + 0.3, shares, remote);
          std::int64_t interior = 0;
          for (const Range run : made.lists->runs(0, PairPart::interior)) interior += run.size();
          EXPECT_GT(interior, 8000 / shares / 10) << shares << ", " << remote;
          for (const int looks : {1, 2, 1000}) {
            expect_the_same_meanwhile(*forces, made, looks,
                                      set + ", " + std::string(name_of(forces->precision())) + ", " +
                                          std::to_string(shares) + " shares, " + std::to_string(remote) +
                                          " remote, " + std::to_string(looks));
          }
        }
      }
    }
  }
  choose_instruction_set("auto");
}

/// Force along x on the first of two particles, and the energy of the pair.
struct Pair {
  double force;
  double energy;
  bool in_range;
};

Pair pair_at(const PairLaw& law, double distance) {
  PairForces forces(law);
  const double far = 100.0;
  const Case two{
      "two", nullptr,           {}, {}, 3, far, {{50.0, 50.0, 50.0}, {50.0 + distance, 50.0, 50.0}}, {},
      {},    {Place{}, Place{}}};
  Prepared made(two, forces, forces.cutoff() + 0.1, 1);
  const PairTotals totals = forces.compute_totals(made.rows, *made.lists, made.velocities());
  const std::size_t first = made.place_of_row[0] == 0 ? 0 : 1;
  return {forces.force_unit().value(unbiased(made.rows.force(first), 0, forces.force_unit().bias())),
          0.5 * static_cast<double>(totals.energy) * forces.energy_unit().unit(), totals.in_range};
}

TEST(PairForces, AreTheDerivativeOfTheEnergy) {
  for (const Case& each : cases()) {
    const double cutoff = each.law->constants().cutoff;
    for (const double share : {0.42, 0.5, 0.7, 0.9, 0.99}) {
      const double r = share * cutoff, h = 1e-5 * cutoff;
      // On the first of the two, along x: away from the other is towards lower x.
      const double expected =
          (pair_at(*each.law, r + h).energy - pair_at(*each.law, r - h).energy) / (2.0 * h);
      EXPECT_NEAR(pair_at(*each.law, r).force, expected, 1e-5 * (1.0 + std::abs(expected)))
          << each.name << " at " << r;
    }
    EXPECT_EQ(pair_at(*each.law, 1.0001 * cutoff).force, 0.0) << each.name;
    EXPECT_EQ(pair_at(*each.law, 1.0001 * cutoff).energy, 0.0) << each.name;
  }
}

TEST(PairForces, TellWhenAPairIsBeyondTheBound) {
  const LennardJonesLaw law;
  EXPECT_TRUE(pair_at(law, 0.6).in_range);
  EXPECT_FALSE(pair_at(law, 0.4).in_range);
  EXPECT_FALSE(pair_at(law, 0.0).in_range);
}

TEST(PairForces, InSinglePrecisionTellWhenAPairIsBeyondTheBound) {
  const LennardJonesLaw law;
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const auto& [distance, in_range] :
         // The force is 2^28 units at 0.67102.
         {std::pair{0.7, true},
          {0.673, true},
          {0.6711, true},
          {0.6709, false},
          {0.64, false},
          {0.3, false},
          {0.0, false}}) {
      PairForces forces(law, FixedPoint{20});
      const Case two{"two", nullptr, {}, {}, 3, 64.0, {{50.0, 50.0, 50.0}, {50.0 + distance, 50.0, 50.0}}};
      Prepared made(two, forces, forces.cutoff() + 0.1, 1);
      EXPECT_EQ(forces.compute(made.rows, *made.lists), in_range) << distance << ", " << set;
    }
  }
  choose_instruction_set("auto");
}

TEST(FixedPoint, HoldsItsBoundAsATerm) {
  for (const double bound : {1.0, 32768.0, 0.3, 1e-7, 5e12}) {
    const FixedPoint point = FixedPoint::for_terms_up_to(bound);
    EXPECT_LT(bound * point.scale(), 0x1p51);
    EXPECT_GE(bound * point.scale(), 0x1p50);
  }
  EXPECT_EQ(round_to_grid(0.3, rounding_magic * 0.25), 0.25);
  EXPECT_EQ(round_to_grid(-0.375, rounding_magic * 0.25), -0.5);
  EXPECT_EQ(round_to_grid(0.125, rounding_magic * 0.25), 0.0);
}

}  // namespace
}  // namespace orrery
