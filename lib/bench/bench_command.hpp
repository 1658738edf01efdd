/// The settings of `orrery bench`, from the command line alone.
#pragma once

#include <string>
#include <vector>

#include "bench/bench_options.hpp"
#include "bench/pairs_options.hpp"
#include "comm/communicator.hpp"
#include "options/command.hpp"

namespace orrery {

extern const Command bench_command;

/// Which benchmark the options are for: "pairs" where that is the first word after `bench`, else "rotation".
std::string bench_name(const std::vector<std::string>& arguments);

/// Reads and checks the command line on the root and gives its settings to all ranks. Collective.
/// @param arguments  what follows `bench` on the command line
/// @param options    set on return
/// @throws CollectiveError (usage) naming the benchmark or the option
void read_bench_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                        BenchOptions& options);
void read_bench_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                        PairsOptions& options);

}  // namespace orrery
