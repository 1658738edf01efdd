#include "run/run_warnings.hpp"

#include <filesystem>
#include <ostream>
#include <system_error>

#include "core/number_text.hpp"
#include "io/xdmf_text.hpp"
#include "run/energy_warning.hpp"

namespace orrery {
namespace {

/// Whether a file tells particles apart that all get the same mass, as after a mixture's masses were
/// forgotten.
bool passes_over_species(const SimulationOptions& options, const StoredStart& start) {
  return options.newtonian_law() != nullptr && options.particles.source == SourceKind::file &&
         !options.motion.species.is_mixture() && start.tells_species;
}

}  // namespace

std::string memory_left_out(const RunNeeds& needs) {
  return "\nnot tried: where particles are, their first forces and their first step, for want of memory "
         "(about " +
         bytes_text(static_cast<double>(needs.node_memory)) + " on a node)\n";
}

void warn(const RunNeeds& needs, const Simulation& simulation, std::ostream& out) {
  const SimulationOptions& options = simulation.options();
  const PreparedRun& prepared = simulation.prepared();
  const OutputOptions& output = options.output;
  if (needs.node_threads > needs.node_processors) {
    out << "orrery: warning: " << needs.node_threads << " threads on " << needs.node_processors
        << (needs.node_processors == 1 ? " processor" : " processors")
        << " (they will take turns); use fewer ranks, or set run.threads\n";
  }
  if (needs.node_memory > needs.available_memory.bytes) {
    out << "orrery: warning: the run takes about " << bytes_text(static_cast<double>(needs.node_memory))
        << " on this node and " << bytes_text(static_cast<double>(needs.available_memory.bytes))
        << " are available " << needs.available_memory.limit
        << " (it may be ended for that); use more nodes or fewer particles, or raise the limit\n";
  }
  const std::string sidecar = xdmf_path_of(output.file);
  std::error_code status;
  if (!output.xdmf && std::filesystem::exists(sidecar, status)) {
    out << "orrery: warning: '" << sidecar << "' is not of this run (output.xdmf is off); remove it\n";
  }
  if (passes_over_species(options, prepared.source.start)) {
    out << "orrery: warning: '" << options.particles.file
        << "' tells species, and all get the same mass (particles.mass is "
        << to_text(options.motion.species.mass.front()) << "); give one for each, with commas between them\n";
  }
  for (const auto& note : prepared.notes) out << "orrery: warning: " << note << "\n";
  out << std::flush;
}

void warn_of_drift(const EnergyDrift& drift, const SimulationOptions& options, std::ostream& out) {
  const std::string warning = energy_warning(drift, options.pair_law());
  if (!warning.empty()) out << "orrery: warning: " << warning << "\n" << std::flush;
}

}  // namespace orrery
