/// What `orrery info` is to tell.
#pragma once

#include <string>

#include "core/option_set.hpp"

namespace orrery {

struct InfoOptions {
  std::string file;
  std::string group;  ///< of particles; empty: the only one
  bool verify = false;
  bool json = false;
  bool xdmf = false;
  bool overwrite = false;

  void describe(OptionSet& options) {
    options.add("group", group, {"which group below /particles; without it the only one"});
    options.add("verify", verify, {"also read everything back and check it"});
    options.add("json", json, {"print one JSON object"});
    options.add("xdmf", xdmf, {"also write an XDMF sidecar beside the file, for ParaView"});
    options.add("overwrite", overwrite, {"replace a sidecar that is there"});
  }
};

}  // namespace orrery
