/// What `orrery info` is to tell.
#pragma once

#include <string>

#include "core/option_set.hpp"

namespace orrery {

struct InfoOptions {
  std::string file;
  bool verify = false;
  bool json = false;

  void describe(OptionSet& options) {
    options.add("verify", verify, {"also read everything back and check it"});
    options.add("json", json, {"print one JSON object"});
  }
};

}  // namespace orrery
