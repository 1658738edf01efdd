/// Uses the installed library without MPI, up to its highest module: the split of particles, and the settings
/// of a run.

#include <iostream>
#include <stdexcept>
#include <string>

#include "configuration/simulation_options.hpp"
#include "core/even_split.hpp"
#include "laws/rotation.hpp"

namespace {

void require(bool fact, const std::string& what) {
  if (!fact) throw std::runtime_error("outside: " + what);
}

}  // namespace

int main() {
  try {
    const orrery::EvenSplit split(11, 4);
    std::string sizes;
    for (int part = 0; part < split.parts(); ++part) sizes += std::to_string(split.part(part).size()) + " ";
    require(sizes == "3 3 3 2 ", "11 items over 4 parts were split into " + sizes);

    require(orrery::RotationLaw().name() == "rotation", "the law's name is not rotation");

    orrery::SimulationOptions options;
    options.time.step = 1e-3;
    options.time.end = 0.5;
    options.validate();
    require(options.time.step_count() == 500, "0.5 is not 500 steps of 1e-3");
    require(options.law().name() == "rotation", "the default law is not rotation");
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
  }
}
