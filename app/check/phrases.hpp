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
  std::size_t at = 0;        // where, in the text
  bool product = false;      // a product or an offer, and not a page
  bool unavailable = false;  // it was there: "no longer available", "has expired"
};

// "The page you are looking for could not be found": a thing and what is wrong with it, close together.
std::optional<MissingPhrase> missing_phrase(std::string_view text);

// The same for what stands alone, as a title or a heading: "404", "Not found", "Oops!".
std::optional<MissingPhrase> missing_headline(std::string_view text);

std::optional<std::string> sold_out_phrase(std::string_view text);
bool in_stock_phrase(std::string_view text);

// Without what is said around it: "Oops! Sorry, ..."
std::string_view without_fillers(std::string_view text);

// Of what stands before "sold out": "this item is", "availability:", "der Artikel ist leider", "$19.90", or nothing.
bool names_nothing(std::string_view subject);
bool speaks_of_itself(std::string_view line);  // "This product ..."

// "Free delivery is not available": it is no product that a line says it of.
bool names_another_service(std::string_view line);

bool search_phrase(std::string_view line);  // a headline of results
bool adds_to_cart(std::string_view label);

// alone: the text is a title, a heading, or all that there is to read. Then what else is a product's name, too, counts.
std::optional<std::string> robot_wall_phrase(std::string_view text, bool alone);
std::optional<std::string> for_sale_phrase(std::string_view text);  // of a parked domain
std::optional<std::string> interstitial_phrase(
    std::string_view text);  // asks for an age, a country, a sign-in, patience

}  // namespace check
