// What shops write, in the languages that they write in: gone, sold out, add to cart, prove that you are no robot. All
// texts are as `lower_text` makes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace check {

// Lower case (Latin, Greek and Cyrillic), straight apostrophes.
std::string lower_text(std::string_view text);

// Runs of spaces as one, none at its ends.
std::string one_line(std::string_view text);

// Appends text, each run of spaces and controls as one space; none at the beginning, nor behind another.
void append_line(std::string& line, std::string_view text);

// What a text says is missing, as it says so.
struct MissingPhrase {
  std::string phrase;
  bool product = false;      // a product or an offer, and not a page
  bool unavailable = false;  // it was there: "no longer available", "has expired"
};

// "The page you are looking for could not be found": a thing and what is wrong with it, close together.
std::optional<MissingPhrase> missing_phrase(std::string_view text);

// The same for what stands alone, as a title or a heading: "404", "Not found", "Oops!".
std::optional<MissingPhrase> missing_headline(std::string_view text);

std::optional<std::string> sold_out_phrase(std::string_view text);

// A line of its own that says it of the product: "Sold out", "Sorry, this item is currently unavailable".
bool sold_out_line(std::string_view line);
bool in_stock_phrase(std::string_view text);
bool search_phrase(std::string_view line);  // a headline of results
bool adds_to_cart(std::string_view label);

std::optional<std::string> robot_wall_phrase(std::string_view text);
std::optional<std::string> for_sale_phrase(std::string_view text);  // of a parked domain
std::optional<std::string> interstitial_phrase(
    std::string_view text);  // asks for an age, a country, a sign-in, patience

}  // namespace check
