// The fonts that the reader's machine has, as the pictures have them.
import theme from "vitepress/theme-without-fonts";
import "./style.css";

export default theme;
