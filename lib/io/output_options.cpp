#include "io/output_options.hpp"

#include <filesystem>

#include "io/unit_names.hpp"
#include "io/xdmf_text.hpp"

namespace orrery {

void OutputOptions::describe(OptionSet& options) {
  options.add_file("output.file", file, FileUse::written, {"trajectory to write, *.h5md"});
  options.add("output.every", every, 0, std::uint64_t{1} << 50,
              {"steps between frames; 0 for the first and last only", "steps"});
  options.add_choice("output.precision", precision,
                     {{"double", Precision::float64}, {"single", Precision::float32}},
                     {"precision of positions and velocities in the file"});
  std::vector<std::pair<std::string, std::string>> unit_choices;
  for (const char* const name : {automatic_units, nominal_units, no_units})
    unit_choices.emplace_back(name, name);
  for (const auto& pair : known_unit_pairs()) unit_choices.emplace_back(pair, pair);
  options.add_choice(
      "output.units", units, unit_choices,
      {"names of units in the file: auto (those of the start file, else nominal), nominal (angstrom "
       "and ps, so that readers that insist on units show the numbers as they are), none, or a unit "
       "of length and one of time such as \"nm ps\". Numbers are never converted"});
  options.add_choice(
      "output.images", images,
      {{"none", ImagesInFile::none}, {"image", ImagesInFile::image}, {"unwrapped", ImagesInFile::unwrapped}},
      {"of laws of pairs, where particles are that cross periodic boundaries: in the box (none), in the box "
       "with the number "
       "of periods beside it (image), or where they would be without a box (unwrapped)"});
  options.add("output.overwrite", overwrite, {"replace an existing file"});
  options.add("output.xdmf", xdmf, {"keep an XDMF file beside the trajectory, by which ParaView reads it"});
}

std::string OutputOptions::xdmf_file() const {
  return xdmf ? xdmf_path_of(file) : "";
}

void OutputOptions::validate() const {
  const std::filesystem::path path(file);
  if (path.extension() != ".h5md" || path.stem().empty()) {
    throw OptionConflict({"output.file"},
                         "output.file '" + file +
                             "' does not end in .h5md (readers know the format by that ending); rename it");
  }
  const std::string problem = xdmf_name_problem(path.filename().string());
  if (xdmf && !problem.empty()) {
    throw OptionConflict({"output.xdmf", "output.file"}, "output.xdmf: XDMF cannot name output.file '" +
                                                             file + "' (" + problem +
                                                             "); choose another name, or leave it off");
  }
}

}  // namespace orrery
