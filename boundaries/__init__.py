"""Where places are: areas as frames indexed by ``area_code``, in EPSG:27700."""
