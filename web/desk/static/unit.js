// A unit's page: shows a number without leaving the page.
import { parts } from "./parts.js";

parts(document.getElementById("card"));
