from . import delivery_screens, explain_screens, incoming_screens, setup_screens

SCREENS = (
    *setup_screens.SCREENS,
    *delivery_screens.SCREENS,
    *explain_screens.SCREENS,
    *incoming_screens.SCREENS,
)
