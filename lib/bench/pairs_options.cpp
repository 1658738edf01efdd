#include "bench/pairs_options.hpp"

namespace orrery {

void PairsOptions::describe(OptionSet& options) {
  options.add("particles", particles, 4, 1'000'000'000, {"numbers of particles, each 4 n^3 for some n"});
  options.add("melting", melting, 0, 1'000'000, {"steps before any is timed"});
  options.add("steps", steps, 1, 1'000'000, {"steps of each repeat"});
  options.add("repeats", repeats, 1, 1000, {"how often each figure is measured; the median counts"});
  options.add("threads", threads, 0, 4096,
              {"threads per rank, beside one; 0 shares the node's processors among its ranks"});
  options.add_names("precision", precision, {"double", "mixed"},
                    {"precision of the pairs, see run.precision"});
  options.add("skin", skin, {.least = 0.0}, {"by which lists reach beyond the cut-off", "length"});
  options.add_file("json", json, FileUse::written, {"file for the figures; an existing one is replaced"});
  options.add("quick", quick, {"a trial of a second: other options have smaller defaults"});
}

void PairsOptions::be_quick() {
  particles = {4'000};
  melting = 50;
  steps = 20;
  repeats = 3;
}

}  // namespace orrery
