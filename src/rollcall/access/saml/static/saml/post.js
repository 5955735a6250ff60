// Sends the form on to the application; without scripts its button does.
document.getElementById("saml-answer").submit();
