#include "domain/census.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "core/even_split.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

constexpr std::int64_t particle_count = 20;

struct Dealt {
  std::int64_t id = 0;
  std::array<double, 4> position{};
};

/// This rank's particles, dealt out one by one and each at a place that tells its id.
std::vector<Dealt> dealt() {
  std::vector<Dealt> particles;
  for (std::int64_t id = particle_count - 1; id >= 0; --id) {
    if (id % world().size() == world().rank())
      particles.push_back({.id = id, .position = {static_cast<double>(id), 0.5, -1.0}});
  }
  return particles;
}

std::vector<std::int64_t> ids_of(const std::vector<Dealt>& particles) {
  std::vector<std::int64_t> ids;
  ids.reserve(particles.size());
  for (const Dealt& particle : particles) ids.push_back(particle.id);
  return ids;
}

void lose(std::vector<Dealt>& particles, std::int64_t id) {
  std::erase_if(particles, [id](const Dealt& particle) { return particle.id == id; });
}

/// On the rank that has it, or on the last.
void copy(std::vector<Dealt>& particles, std::int64_t id, bool on_the_last) {
  if (on_the_last ? world().rank() == world().size() - 1 : id % world().size() == world().rank())
    particles.push_back({.id = id, .position = {static_cast<double>(id), 0.5, -1.0}});
}

struct Found {
  bool is_complete = true;
  std::optional<Miscount> miscount;
};

Found after(const std::function<void(std::vector<Dealt>&)>& change) {
  std::vector<Dealt> particles = dealt();
  change(particles);
  const Census census(world(), particle_count);
  std::vector<double> positions;
  for (const Dealt& particle : particles)
    positions.insert(positions.end(), particle.position.begin(), particle.position.end());
  return {census.is_complete(ids_of(particles)), census.find_miscount(ids_of(particles), positions.data())};
}

TEST(Census, FindsNothingWrongWhereAllAreThere) {
  const Found found = after([](auto&) {});
  EXPECT_TRUE(found.is_complete);
  EXPECT_FALSE(found.miscount.has_value());
}

TEST(Census, CountsOnAllThreads) {
  constexpr std::int64_t many = 50000;
  std::vector<std::int64_t> ids;
  for (std::int64_t id = world().rank(); id < many; id += world().size()) ids.push_back(id);
  for (const int threads : {1, 2, 3}) {
    const Census census(world(), many, threads);
    EXPECT_TRUE(census.is_complete(ids)) << threads;
    for (const std::size_t place : {std::size_t{0}, ids.size() / 2, ids.size() - 1}) {
      std::vector<std::int64_t> wrong = ids;
      if (world().rank() == 0) wrong[place] = ids[(place + 1) % ids.size()];
      EXPECT_FALSE(census.is_complete(wrong)) << threads << ", " << place;
    }
  }
}

TEST(Census, NamesWhoIsLost) {
  for (const std::int64_t id : {0, 7, 19}) {
    const Found found = after([id](auto& particles) { lose(particles, id); });
    EXPECT_FALSE(found.is_complete);
    ASSERT_TRUE(found.miscount.has_value());
    EXPECT_EQ(found.miscount->id, id);
    EXPECT_EQ(found.miscount->copies, 0);
    EXPECT_EQ(found.miscount->ranks[0], -1);
  }
}

TEST(Census, NamesWhoIsThereTwiceAndWhere) {
  for (const std::int64_t id : {0, 7, 19}) {
    for (const bool on_the_last : {true, false}) {
      const Found found = after([=](auto& particles) { copy(particles, id, on_the_last); });
      EXPECT_FALSE(found.is_complete);
      ASSERT_TRUE(found.miscount.has_value());
      EXPECT_EQ(found.miscount->id, id);
      EXPECT_EQ(found.miscount->copies, 2);
      EXPECT_EQ(found.miscount->position[0], static_cast<double>(id));
      const int holder = static_cast<int>(id) % world().size();
      EXPECT_EQ(found.miscount->ranks[0], holder);
      EXPECT_EQ(found.miscount->ranks[1], on_the_last ? world().size() - 1 : holder);
    }
  }
}

TEST(Census, SeesOneLostAndAnotherDoubled) {
  const Found found = after([](auto& particles) {
    lose(particles, 11);
    copy(particles, 12, true);
  });
  EXPECT_FALSE(found.is_complete) << "there are as many as there should be";
  ASSERT_TRUE(found.miscount.has_value());
  EXPECT_EQ(found.miscount->id, 11);
}

TEST(Census, SeesWhoHasANameThatIsNone) {
  for (const std::int64_t name : {std::int64_t{-3}, particle_count, std::int64_t{1} << 40}) {
    const Found found = after([name](auto& particles) {
      for (Dealt& particle : particles)
        if (particle.id == 5) particle.id = name;
    });
    EXPECT_FALSE(found.is_complete);
    ASSERT_TRUE(found.miscount.has_value());
    EXPECT_EQ(found.miscount->id, std::min(name, std::int64_t{5}));
  }
}

TEST(Census, CountsNobody) {
  const Census census(world(), 0);
  EXPECT_TRUE(census.is_complete({}));
  EXPECT_FALSE(census.find_miscount({}, nullptr).has_value());
}

}  // namespace
}  // namespace orrery::test
