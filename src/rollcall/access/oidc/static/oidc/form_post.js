// Sends the answer on to the application, as soon as the page is there; without scripts, the person
// presses the button.
document.getElementById("form-post").submit();
