#include "reference_cases.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "integrators/independent_motion.hpp"

namespace orrery {

long double ReferenceCase::end_radius() const {
  return std::hypot(x_end, y_end);
}

std::vector<ReferenceCase> read_reference_cases(const std::string& file) {
  const std::string inputs_and_end = "x,y,speed,dt,steps,x_end,y_end";
  std::ifstream stream(std::string(ORRERY_TEST_DATA) + "/" + file);
  EXPECT_TRUE(stream) << file;
  std::string line;
  while (std::getline(stream, line) && line.starts_with('#')) {
  }
  const bool has_method = line == "method," + inputs_and_end;
  EXPECT_TRUE(has_method || line == inputs_and_end) << line;

  std::vector<ReferenceCase> cases;
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    std::string method;
    if (has_method) std::getline(fields, method, ',');
    std::vector<std::string> texts;
    for (std::string text; std::getline(fields, text, ',');) texts.push_back(text);
    EXPECT_EQ(texts.size(), 7U) << line;
    if (texts.size() != 7) break;
    const auto number = [&](std::size_t index) { return std::strtod(texts[index].c_str(), nullptr); };
    const auto long_number = [&](std::size_t index) { return std::strtold(texts[index].c_str(), nullptr); };
    cases.push_back({method, number(0), number(1), number(2), number(3), std::atoll(texts[4].c_str()),
                     long_number(5), long_number(6)});
  }
  return cases;
}

std::vector<long double> distances_from_reference(RotationMethod method,
                                                  std::span<const ReferenceCase> cases) {
  std::map<std::pair<double, std::int64_t>, std::vector<std::size_t>> batches;
  for (std::size_t i = 0; i < cases.size(); ++i) batches[{cases[i].step, cases[i].steps}].push_back(i);

  const RotationLaw law(RotationOptions{method, {0, 0}});
  std::vector<long double> distances(cases.size());
  for (const auto& [motion_of_all, members] : batches) {
    const auto [step, steps] = motion_of_all;
    ParticleStore store(2, 1, members.size());
    for (std::size_t row = 0; row < members.size(); ++row) {
      store.initial(0)[row] = cases[members[row]].x;
      store.initial(1)[row] = cases[members[row]].y;
      store.parameter(0)[row] = cases[members[row]].speed;
    }
    IndependentMotion motion(law, step, store);
    motion.begin();
    motion.evolve({0, steps}, [](double) {});
    for (std::size_t row = 0; row < members.size(); ++row) {
      const ReferenceCase& reference = cases[members[row]];
      distances[members[row]] =
          std::hypot(store.state(0)[row] - reference.x_end, store.state(1)[row] - reference.y_end);
    }
  }
  return distances;
}

}  // namespace orrery
