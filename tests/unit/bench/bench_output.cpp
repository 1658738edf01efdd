/// What is said of a benchmark, to people and to programs.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bench/bench_json.hpp"
#include "bench/bench_report.hpp"
#include "core/error.hpp"

namespace orrery {
namespace {

Spread around(double median) {
  return {.least = 0.9 * median, .median = median, .most = 1.2 * median};
}

BenchResult a_result() {
  BenchResult result;
  result.setup = {.processor = "a processor",
                  .instruction_set = "AVX2",
                  .ranks = 2,
                  .threads = 4,
                  .processors = "0-3",
                  .repeats = 5,
                  .date = "2026-11-24T16:24:00Z"};
  MachineLimits one{.threads = 1, .ns_per_item = {around(1.0), around(0.05), around(0.05)}};
  MachineLimits all{.threads = 4, .ns_per_item = {around(0.25), around(0.0125), around(0.04)}};
  result.limits = {one, all};
  const auto row = [](const char* form, int threads, bool is_closed, double ns, double limit_ns) {
    return RotationTiming{.form = form,
                          .particles = 10'000,
                          .ranks = 2,
                          .threads = threads,
                          .steps = 10'000,
                          .calls = 3,
                          .is_closed = is_closed,
                          .ns_per_particle_step = around(ns),
                          .limit = is_closed ? Limit::memory : Limit::divider,
                          .limit_ns_per_particle_step = limit_ns};
  };
  result.rows = {row("direct", 1, false, 1.25, 1.0), row("direct", 4, false, 0.5, 0.25),
                 row("circle", 1, true, 0.002, 0.0002)};
  return result;
}

TEST(BenchJson, HasTheKeysThatProgramsRelyOn) {
  const auto json = nlohmann::json::parse(json_of(a_result()));
  ASSERT_EQ(json["rows"].size(), 3U);
  for (const auto& row : json["rows"]) {
    for (const char* key : {"form", "particles", "ranks", "threads", "ns_per_particle_step"})
      EXPECT_TRUE(row.contains(key)) << key;
  }
  EXPECT_EQ(json["rows"][1]["form"], "direct");
  EXPECT_EQ(json["rows"][1]["particles"], 10'000);
  EXPECT_EQ(json["rows"][1]["ranks"], 2);
  EXPECT_EQ(json["rows"][1]["threads"], 4);
  EXPECT_EQ(json["rows"][1]["ns_per_particle_step"], 0.5);
}

TEST(BenchJson, SaysHowSureAFigureIsAndWhatLimitsIt) {
  const auto json = nlohmann::json::parse(json_of(a_result()));
  const auto& row = json["rows"][0];
  EXPECT_EQ(row["ns_per_particle_step_min"], 0.9 * 1.25);
  EXPECT_EQ(row["ns_per_particle_step_max"], 1.2 * 1.25);
  EXPECT_EQ(row["repeats"], 5);
  EXPECT_EQ(row["limit"], "divider");
  EXPECT_EQ(row["fraction_of_limit"], 0.8);
  EXPECT_EQ(row["speed_up"], 1.0);
  EXPECT_EQ(json["rows"][1]["speed_up"], 2.5);
  EXPECT_DOUBLE_EQ(row["case_seconds"].get<double>(), 0.125);
  EXPECT_FALSE(row.contains("ns_per_jump"));
  EXPECT_DOUBLE_EQ(json["rows"][2]["ns_per_jump"].get<double>(), 20.0);
}

TEST(BenchJson, NamesTheUnitOfEveryLimit) {
  const auto json = nlohmann::json::parse(json_of(a_result()));
  const auto limit = [&json](const char* key) { return json["limits"][key].get<double>(); };
  EXPECT_DOUBLE_EQ(limit("divider_one_thread_ns"), 0.9);
  EXPECT_DOUBLE_EQ(limit("divider_one_thread_ns_median"), 1.0);
  EXPECT_DOUBLE_EQ(limit("divider_all_threads_ns"), 0.225);
  EXPECT_DOUBLE_EQ(limit("multiply_add_one_thread_ns"), 0.045);
  EXPECT_DOUBLE_EQ(limit("memory_one_thread_gb_per_s"), 20.0 / 0.9);
  EXPECT_DOUBLE_EQ(limit("memory_all_threads_gb_per_s_median"), 25.0);
}

TEST(BenchJson, SaysWhatMeasuredAndWhatTheBookHas) {
  const auto json = nlohmann::json::parse(json_of(a_result()));
  for (const char* key : {"version", "compiler", "processor", "instruction_set", "date"})
    EXPECT_NE(json[key].get<std::string>(), "") << key;
  EXPECT_EQ(json["book"].size(), 5U);
  EXPECT_EQ(json["book"][0]["particles"], 100);
  EXPECT_EQ(json["book"][0]["year"], 2013);
  EXPECT_DOUBLE_EQ(json["book"][0]["ns_per_particle_step"].get<double>(), 614.0);
}

TEST(BenchReport, ShowsEveryFigureBesideTheBooks) {
  const BenchResult result = a_result();
  std::ostringstream out;
  print_setup(out, result.setup);
  print_limits(out, result.limits);
  print_heading(out);
  print_rows(out, 10'000, result.rows);
  const std::string text = out.str();
  for (const char* part : {"a processor, AVX2", "4 threads", "27.8 GB/s", "1.25", "125 ms", "80 % divider",
                           "2.5", "book, 2013", "1.34 s", "compiled, one thread", "599 ms"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("interpreter"), std::string::npos) << "the book has those for fewer particles";
}

TEST(BenchReport, SaysWhenSomethingSeemsToHaveDisturbedIt) {
  BenchResult result = a_result();
  std::ostringstream disturbed;
  print_notes(disturbed, result);
  EXPECT_NE(disturbed.str().find("measure again"), std::string::npos);
  result.limits.clear();
  for (auto& row : result.rows) row.ns_per_particle_step = {.least = 1.0, .median = 1.0, .most = 1.01};
  std::ostringstream steady;
  print_notes(steady, result);
  EXPECT_EQ(steady.str().find("measure again"), std::string::npos);
}

}  // namespace
}  // namespace orrery
