#include "io/file_witness.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FileWitnessTest : public testing::Test {
protected:
  FileWitnessTest() {
    std::string directory = testing::TempDir() + "orrery-witness-XXXXXX";
    directory_ = mkdtemp(directory.data());
    path_ = directory_ + "/file";
    std::ofstream(path_) << std::string(10'000, 'x');
    descriptor_ = open(path_.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~FileWitnessTest() override {
    close(descriptor_);
    fs::remove_all(directory_);
  }
  std::string verdict(const FileWitness& witness) const {
    try {
      witness.check(path_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::output);
      return error.what();
    }
    return "fine";
  }

  std::string directory_, path_;
  int descriptor_ = -1;
};

TEST_F(FileWitnessTest, IsContentWithAFileThatGrew) {
  FileWitness witness("--file", path_, descriptor_);
  EXPECT_EQ(verdict(witness), "fine");
  witness.remember();
  EXPECT_EQ(pwrite(descriptor_, "more", 4, 12'000), 4);
  EXPECT_EQ(verdict(witness), "fine");
}

TEST_F(FileWitnessTest, TellsWhatHasBecomeOfTheFile) {
  FileWitness witness("--file", path_, descriptor_);
  witness.remember();
  std::ofstream(path_, std::ios::in | std::ios::out) << "XX";
  EXPECT_THAT(verdict(witness), HasSubstr("another program wrote into it"));
  witness.remember();
  fs::resize_file(path_, 5'000);
  EXPECT_EQ(verdict(witness),
            "cannot write --file '" + path_ +
                "': it was cut from 10000 to 5000 bytes while the run went on; run again, and "
                "leave the file alone until the run has ended");
  witness.remember();
  fs::rename(path_, directory_ + "/moved");
  EXPECT_THAT(verdict(witness), HasSubstr("it was removed or renamed while the run went on (No such file"));
  std::ofstream(path_) << "another";
  EXPECT_THAT(verdict(witness), HasSubstr("another file was put in its place"));
}

}  // namespace
}  // namespace orrery
