#include "harness/archive/pipeline.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace exitgate::archive {
namespace {

constexpr int kPieces = 1000;  // many times what it holds

void make_all(const Pipeline::Piece& hand_on) {
  for (int i = 0; i < kPieces; ++i) hand_on(std::to_string(i) + " ");
}

TEST(Pipeline, HandsOnEveryPieceInOrder) {
  std::string made;
  make_all([&](std::string_view piece) { made += piece; });
  std::string taken;
  Pipeline::run(make_all, [&](std::string_view piece) { taken += piece; });
  EXPECT_EQ(taken, made);
}

TEST(Pipeline, ThrowsWhatTheMakerThrewBehindWhatItMade) {
  int taken = 0;
  EXPECT_THROW(Pipeline::run(
                   [](const Pipeline::Piece& hand_on) {
                     make_all(hand_on);
                     throw std::runtime_error("made no more");
                   },
                   [&](std::string_view) { ++taken; }),
               std::runtime_error);
  EXPECT_EQ(taken, kPieces);
}

TEST(Pipeline, EndsTheMakerWhenTheTakerThrows) {
  int made = 0;
  EXPECT_THROW(Pipeline::run(
                   [&](const Pipeline::Piece& hand_on) {
                     for (;; ++made) hand_on("without end");
                   },
                   [](std::string_view) { throw std::logic_error("enough"); }),
               std::logic_error);
  EXPECT_LT(made, kPieces);
}

}  // namespace
}  // namespace exitgate::archive
