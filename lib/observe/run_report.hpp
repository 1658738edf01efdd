/// What is said of a run when it starts and when it is over.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "laws/law.hpp"
#include "observe/energy_drift.hpp"
#include "observe/memory_ledger.hpp"
#include "observe/phase_clock.hpp"

namespace orrery {

/// What a run will do and take, known before it starts.
struct RunPlan {
  std::string law;
  std::string method;
  std::string instruction_set;
  int ranks = 1;
  int nodes = 1;
  std::vector<int> threads;  ///< of each rank
  std::string processors;    ///< of the root, as a list
  std::int64_t particles = 0;
  std::int64_t steps = 0;
  std::int64_t first_step = 0;  ///< steps of earlier runs that went before
  double step = 0.0;            ///< [time]
  double end = 0.0;             ///< [time]
  std::int64_t frames = 0;
  std::uint64_t memory_per_rank = 0;  ///< estimate, of the rank with most [bytes]
  std::uint64_t file_bytes = 0;       ///< estimate
  std::string file;
  std::vector<Diagnostic> diagnostics{};  ///< that every frame has, in their order
};

/// Particles that move by one form of a law's arithmetic.
struct FormCount {
  std::string form;
  std::int64_t particles = 0;
};

/// What ranks exchange at a step of particles that act on each other, so that each rank knows the particles
/// of others that are near its own: means over ranks and over all exchanges. All are 0 on one rank.
struct Traffic {
  double peers = 0.0;                ///< other ranks that a rank exchanges ghosts with
  double messages_per_step = 0.0;    ///< that a rank sends
  double bytes_per_step = 0.0;       ///< that a rank sends
  double ghosts_per_particle = 0.0;  ///< particles of other ranks that a rank knows, to each of its own
};

/// What a run did and took.
struct RunReport {
  std::int64_t frames = 0;
  double wall_seconds = 0.0;
  PhaseSpreads phases;
  std::vector<std::pair<std::string, double>>
      evolve_parts;  ///< what evolving was made of, over all ranks [s]
  std::vector<std::pair<std::string, std::int64_t>> evolve_counts;  ///< what happened how often meanwhile
  double imbalance = 0.0;                  ///< of the ranks while they evolve, as `imbalance_of`
  std::vector<MemoryItem> memory;          ///< as counted, over all ranks
  std::optional<Traffic> traffic{};        ///< nothing where particles move by themselves
  std::uint64_t peak_bytes_all_ranks = 0;  ///< as the system says
  std::uint64_t peak_bytes_most = 0;       ///< of the rank with most
  double particle_steps_per_second = 0.0;
  std::optional<EnergyDrift> energy_drift{};  ///< nothing where the energy need not stay
  double peak_bytes_per_particle = 0.0;       ///< over all ranks; 0 without particles
};

void print_plan(std::ostream& out, const RunPlan& plan);
/// How many particles move by which form; forms without particles are left out.
void print_forms(std::ostream& out, const std::vector<FormCount>& forms);
void print_report(std::ostream& out, const RunPlan& plan, const RunReport& report);

/// Threads of all ranks for people: "2", or "1 to 2" where ranks differ.
std::string threads_text(const RunPlan& plan);

}  // namespace orrery
