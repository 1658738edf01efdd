#include "configuration/run_command.hpp"

#include <ostream>

#include "comm/push_values.hpp"
#include "configuration/run_settings.hpp"

namespace orrery {

const Command run_command{
    .name = "run",
    .summary = "evolve particles and write their trajectory; `orrery run --help` lists its options",
    .usage = "mpirun -n RANKS orrery run [CONFIG] [--section.key VALUE | --section.key=VALUE ...]\n",
    .purpose =
        "Evolves particles by a law of motion and writes their trajectory to one H5MD file.\n"
        "\n"
        "CONFIG is an INI file with the same [section] and key = value. A variable ORRERY_SECTION_KEY (dots "
        "and dashes\n"
        "become underscores) sets a key too. The command line goes before variables, these before the file, "
        "and that before\n"
        "the defaults.\n",
    .options = options_text<SimulationOptions>,
    .notes =
        "exit codes: 0 done, 1 the simulation failed, 64 command line, 65 particle file, 70 internal error, "
        "74 output,\n"
        "78 configuration file or variable\n"};

Provenance read_run_command(const Communicator& ranks, const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment, SimulationOptions& options,
                            std::ostream& warnings) {
  OptionSet set;
  options.describe(set);
  Provenance provenance;
  set_on_root(ranks, set, [&] {
    const RunSettings read = read_run_settings(arguments, environment, set);
    provenance.configuration = resolve_run(read, options, set);
    for (const auto& note : notes_on_renamed(read.settings))
      warnings << "orrery: warning: " << note << "\n" << std::flush;
  });
  ranks.push(provenance.configuration);
  return provenance;
}

}  // namespace orrery
