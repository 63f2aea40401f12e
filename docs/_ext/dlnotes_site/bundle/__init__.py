"""What every page fetches, joined and cut down: stylesheets, scripts, fonts; what is kept between builds."""
